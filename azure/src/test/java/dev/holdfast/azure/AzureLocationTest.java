package dev.holdfast.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Invalid;
import dev.holdfast.objectstore.remote.RequestLimits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AzureLocationTest {
    @Test
    void shouldReadAContainerOfAzure() {
        assertEquals(
                new AzureLocation("account1", "my-box", "", null, RequestLimits.defaults()),
                AzureLocation.of("az://account1/my-box"));
        assertEquals(
                AzureLocation.of("az://account1/my-box"),
                AzureLocation.of("azure://account1/my-box/"));
    }

    @Test
    void shouldReadEverything() {
        AzureLocation location =
                AzureLocation.of(
                        "az://acc/box/a/b/?endpoint=https%3A%2F%2Fhost%3A9"
                                + "&attempt-timeout=2s&total-timeout=1m");
        assertEquals("a/b", location.prefix());
        assertEquals(URI.create("https://host:9"), location.endpoint());
        assertEquals(Duration.ofSeconds(2), location.limits().attempt());
        assertEquals(Duration.ofMinutes(1), location.limits().total());
        assertEquals("az://acc/box/a/b", location.url());
    }

    @Test
    void shouldTellNamesFromBlobs() {
        AzureLocation location = AzureLocation.of("az://acc/box/pre");
        assertEquals("pre/wal/1", location.key("wal/1"));
        assertEquals("wal/1", location.name("pre/wal/1"));
        assertNull(location.name("pretty/wal/1"));
        assertNull(location.name("pre/a b"));
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstandAndRepeatNoSecret() {
        for (String url :
                List.of(
                        "az:",
                        "az:///box",
                        "az://acc",
                        "az://acc/",
                        "az://acc:hush@acc/box",
                        "az://hush@acc/box",
                        "az://acc/box?sig=hush",
                        "az://acc/box?sv=1&sig=hush",
                        "az://acc/box?key=hush",
                        "az://acc/box?sas=hush",
                        "az://acc/box?endpoint=http://u:hush@host",
                        "az://acc/box?endpoint=http://host?hush=1",
                        "az://acc/box?endpoint=ftp://hush",
                        "az://acc/box?colour=hush",
                        "az://acc/box?hush",
                        "az://acc/box?attempt-timeout=hush",
                        "az://acc/box#hush",
                        "az://acc/box/../hush",
                        "az://ACC/hush",
                        "az://acc/bo--hush",
                        "az://acc/BOX/hush",
                        "s3://acc/hush")) {
            var refused = assertThrows(Invalid.class, () -> AzureLocation.of(url), url);
            assertFalse(refused.getMessage().contains("hush"), refused.getMessage());
            assertTrue(refused.getMessage().contains("az://account/container/prefix?"), url);
        }
    }

    @Test
    void shouldBeFoundAsAServiceThatNamesTheCredentialsItLacks() {
        for (String scheme : List.of("az", "azure")) {
            var refused =
                    assertThrows(
                            Invalid.class,
                            () -> ObjectStores.open(scheme + "://acc/box", Env.system()));
            assertTrue(refused.getMessage().contains("AZURE_STORAGE_KEY"), refused.getMessage());
        }
    }

    @Test
    void shouldTakeWhatTheEnvironmentGivesForItsAccountAlone() {
        // given
        Map<String, String> connection =
                Map.of(
                        "AZURE_STORAGE_CONNECTION_STRING",
                        "AccountName=acc;AccountKey=aHVzaA==;EndpointSuffix=core.windows.net",
                        "AZURE_STORAGE_KEY",
                        "bm90IHRoaXMgb25l");
        Map<String, String> key =
                Map.of("AZURE_STORAGE_ACCOUNT", "acc", "AZURE_STORAGE_KEY", "aHVzaA==");
        Map<String, String> signature = Map.of("AZURE_STORAGE_SAS_TOKEN", "?sv=2&sig=hush");
        for (Map<String, String> environment : List.of(connection, key, signature)) {
            AzureCredentials credentials = AzureCredentials.of(environment::get);
            // then
            try (ObjectStore store = open("az://acc/box", credentials)) {
                assertEquals("az://acc/box", store.url());
            }
            assertFalse(credentials.toString().matches(".*(hush|aHVzaA).*"));
        }
        for (Map<String, String> environment : List.of(connection, key))
            assertThrows(
                    Invalid.class,
                    () -> open("az://other/box", AzureCredentials.of(environment::get)));
    }

    @Test
    void shouldSayWhichCredentialsAreMalformedAndRepeatNone() {
        for (Map<String, String> environment :
                List.of(
                        Map.of("AZURE_STORAGE_CONNECTION_STRING", "hush"),
                        Map.of("AZURE_STORAGE_CONNECTION_STRING", "AccountName=acc;Key=hush"),
                        Map.of("AZURE_STORAGE_KEY", "hush!hush"))) {
            var refused =
                    assertThrows(
                            Invalid.class,
                            () -> open("az://acc/box", AzureCredentials.of(environment::get)));
            assertFalse(refused.getMessage().contains("hush"), refused.getMessage());
        }
    }

    @Test
    void shouldFindTheAccountInTheHostOrThePathOfAnEndpoint() {
        AzureCredentials key = AzureCredentials.of(Map.of("AZURE_STORAGE_KEY", "aHVzaA==")::get);
        for (String endpoint :
                List.of(
                        "https://acc.blob.core.usgovcloudapi.net",
                        "http://127.0.0.1:7",
                        "http://somewhere:7",
                        "http://127.0.0.1:7/acc"))
            open("az://acc/box?endpoint=" + endpoint, key).close();
        for (String endpoint : List.of("https://other.blob.net", "http://127.0.0.1:7/other"))
            assertThrows(Invalid.class, () -> open("az://acc/box?endpoint=" + endpoint, key));
    }

    private static ObjectStore open(String url, AzureCredentials credentials) {
        return new AzureStoreProvider().open(AzureLocation.of(url), credentials, Env.system());
    }
}

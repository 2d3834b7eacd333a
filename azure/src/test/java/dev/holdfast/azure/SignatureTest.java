package dev.holdfast.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import dev.holdfast.azure.emulator.Azurite;
import dev.holdfast.azure.emulator.Bend;
import dev.holdfast.azure.emulator.Call.Operation;
import dev.holdfast.azure.emulator.FaultyProxy;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import dev.holdfast.objectstore.api.PutResult.AlreadyExists;
import dev.holdfast.objectstore.api.PutResult.Stored;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A store that is opened with no more than a signature for some time.
class SignatureTest {
    private static final List<Bytes> BODY = List.of(Bytes.utf8("x"));

    private static Azurite azurite;

    @BeforeAll
    static void start() throws Exception {
        azurite = Azurite.shared();
    }

    @Test
    void shouldReadWriteListAndDeleteWithTheFourPermissions() {
        String container = azurite.freshContainer();
        String token = token(container, "rwdl", 60);
        try (ObjectStore store = open(azurite.url(container, "db"), token)) {
            assertInstanceOf(Stored.class, store.putIfAbsent("a", BODY, id()));
            assertInstanceOf(AlreadyExists.class, store.putIfAbsent("a", BODY, id()));
            assertEquals(BODY.getFirst(), store.get("a"));
            assertEquals(1, store.list("", null, 10).size());
            store.delete("a");
            assertEquals(List.of(), store.list("", null, 10));
        }
    }

    @Test
    @Tag("OBJ-19")
    void shouldRefuseWhatTheSignatureDoesNotAllowOrNoLongerAllows() {
        String container = azurite.freshContainer();
        try (ObjectStore reader = open(azurite.url(container, "db"), token(container, "rl", 60))) {
            assertEquals(List.of(), reader.list("", null, 10));
            assertThrows(Refused.class, () -> reader.put("a", BODY));
        }
        String old = token(container, "rwdl", -60);
        try (ObjectStore late = open(azurite.url(container, "db"), old)) {
            assertThrows(Refused.class, () -> late.get("a"));
        }
    }

    @Test
    @Tag("OBJ-14")
    void shouldListFromANameOnWhereTheServerDoesNotKnowHow() {
        // given: a signature covers no parameter, so that one can be lost on the way
        String container = azurite.freshContainer();
        List<String> names = IntStream.range(10, 40).mapToObj(i -> "wal/" + i).toList();
        try (FaultyProxy proxy = FaultyProxy.before(azurite);
                ObjectStore store =
                        open(proxy.url(container, "db"), token(container, "rwdl", 60))) {
            names.forEach(name -> store.put(name, BODY));
            proxy.follow(call ->
                    call.operation() == Operation.LIST
                            ? new Bend.Forget("startFrom")
                            : new Bend.None());
            // then: page after page
            for (int i = 0; i < 30; i += 7) {
                String after = i == 0 ? null : names.get(i - 1);
                assertEquals(
                        names.subList(i, Math.min(30, i + 7)),
                        store.list("wal/", after, 7).stream().map(ObjectMeta::name).toList());
            }
        }
    }

    private static String token(String container, String permissions, int seconds) {
        var values =
                new BlobServiceSasSignatureValues(
                        OffsetDateTime.now().plusSeconds(seconds),
                        BlobContainerSasPermission.parse(permissions));
        return azurite.container(container).generateSas(values);
    }

    private static ObjectStore open(String url, String token) {
        AzureCredentials credentials =
                AzureCredentials.of(Map.of("AZURE_STORAGE_SAS_TOKEN", token)::get);
        return new AzureStoreProvider().open(AzureLocation.of(url), credentials, Env.system());
    }

    private static Ulid id() {
        return Ulid.next(Env.system());
    }
}

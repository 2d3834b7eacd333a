package dev.holdfast.s3;

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
import dev.holdfast.s3.S3Location.Addressing;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class S3LocationTest {
    @Test
    void shouldReadABucketOfAmazon() {
        assertEquals(
                new S3Location(
                        "my-bucket", "", null, null, Addressing.HOST, RequestLimits.defaults()),
                S3Location.of("s3://my-bucket"));
    }

    @Test
    void shouldReadEverything() {
        S3Location location =
                S3Location.of(
                        "s3://b.u-c/a/b/?endpoint=https%3A%2F%2Fhost%3A9&region=eu-x-1"
                                + "&path-style=false&attempt-timeout=2s&total-timeout=1m");
        assertEquals("a/b", location.prefix());
        assertEquals(URI.create("https://host:9"), location.endpoint());
        assertEquals("eu-x-1", location.region());
        assertEquals(Addressing.HOST, location.addressing());
        assertEquals(Duration.ofSeconds(2), location.limits().attempt());
        assertEquals(Duration.ofMinutes(1), location.limits().total());
        assertEquals("s3://b.u-c/a/b", location.url());
    }

    @Test
    void shouldPutTheBucketInThePathAtOtherEndpoints() {
        assertEquals(
                Addressing.PATH, S3Location.of("s3://bucket?endpoint=http://h:1").addressing());
    }

    @Test
    void shouldTellNamesFromKeys() {
        S3Location location = S3Location.of("s3://bucket/pre");
        assertEquals("pre/wal/1", location.key("wal/1"));
        assertEquals("wal/1", location.name("pre/wal/1"));
        assertNull(location.name("pretty/wal/1"));
        assertNull(location.name("pre/a b"));
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstandAndRepeatNoSecret() {
        for (String url :
                List.of(
                        "s3:",
                        "s3:///prefix",
                        "s3://user:hush@bucket",
                        "s3://hush@bucket",
                        "s3://bucket?secret-key=hush",
                        "s3://bucket?accessKey=hush",
                        "s3://bucket?token=hush",
                        "s3://bucket?endpoint=http://u:hush@host",
                        "s3://bucket?endpoint=http://host?hush=1",
                        "s3://bucket?endpoint=ftp://hush",
                        "s3://bucket?colour=hush",
                        "s3://bucket?region=hush!",
                        "s3://bucket?region=a&region=hush",
                        "s3://bucket?hush",
                        "s3://bucket?path-style=hush",
                        "s3://bucket?attempt-timeout=hush",
                        "s3://bucket?total-timeout=-1s",
                        "s3://bucket#hush",
                        "s3://bucket/../hush",
                        "s3://BUCKET/hush",
                        "s3://bu cket/hush")) {
            var refused = assertThrows(Invalid.class, () -> S3Location.of(url), url);
            assertFalse(refused.getMessage().contains("hush"), refused.getMessage());
            assertTrue(refused.getMessage().contains("s3://bucket/prefix?"), url);
        }
    }

    @Test
    void shouldBeFoundAsAService() {
        try (ObjectStore store =
                ObjectStores.open("s3://bucket/a?endpoint=http://127.0.0.1:1", Env.system())) {
            assertEquals("s3://bucket/a", store.url());
        }
    }
}

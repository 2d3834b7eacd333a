package dev.holdfast.objectstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Invalid;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoresTest {
    @TempDir private Path directory;

    @Test
    void shouldOpenADirectoryByItsUrl() throws Exception {
        // given: a path that must be escaped in a URL
        String url = directory.resolve("with space").toUri().toString();
        // when
        try (ObjectStore store = ObjectStores.open(url, Env.system())) {
            assertFalse(Files.exists(directory.resolve("with space")));
            store.put("a", List.of(Bytes.utf8("x")));
            // then
            assertEquals("x", Files.readString(directory.resolve("with space/a")));
            assertEquals(url, store.url());
        }
    }

    @Test
    void shouldOpenAFreshStoreInMemory() {
        try (ObjectStore store = ObjectStores.open("memory:", Env.system())) {
            assertEquals(List.of(), store.list("", null, 1));
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstandAndSayWhatItDoes() {
        for (String url :
                List.of(
                        "",
                        "data",
                        "/abs/path",
                        "file:relative",
                        "file:",
                        "file://host/path",
                        "file:///a?b",
                        "file:///a b",
                        "s3://user:secret@bucket/x",
                        "memory:name",
                        "file:///a%00b",
                        "://")) {
            Invalid refused =
                    assertThrows(Invalid.class, () -> ObjectStores.open(url, Env.system()), url);
            assertTrue(refused.getMessage().contains("file:///absolute/path"), url);
            assertFalse(refused.getMessage().contains("secret"), url);
        }
    }

    @Test
    void shouldOpenTheSchemesThatTheProgramBringsAlongAndTellTheirForm() {
        try (ObjectStore store = ObjectStores.open("OWN:x", Env.system())) {
            assertEquals(List.of(), store.list("", null, 1));
        }
        var refused = assertThrows(Invalid.class, () -> ObjectStores.open("other:x", Env.system()));
        assertTrue(refused.getMessage().contains(", own:"), refused.getMessage());
    }

    @Test
    void shouldNameTheModuleThatIsMissingAndTheWayToGoogle() {
        for (String[] missing :
                new String[][] {
                    {"s3://bucket", "holdfast-s3"},
                    {"az://account/container", "holdfast-azure"},
                    {"azure://account/container", "holdfast-azure"},
                    {"gs://bucket/prefix", "s3://bucket/prefix?endpoint=https://storage.google"}
                }) {
            var refused =
                    assertThrows(Invalid.class, () -> ObjectStores.open(missing[0], Env.system()));
            assertTrue(refused.getMessage().contains(missing[1]), refused.getMessage());
        }
    }
}

package dev.holdfast.redis.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.LibraryShelf.Existing;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Libraries of functions in the rows of a database.
class LibraryShelfTest {
    private static final long HEAP = 256L << 20;

    private final Env env = Env.system();

    private static Bytes source(String library, String function, int value) {
        return Bytes.utf8(
                "#!lua name=%s\nredis.register_function('%s', function() return %d end)"
                        .formatted(library, function, value));
    }

    private static List<String> names(LibraryShelf shelf, Keyspaces keyspaces) throws Exception {
        return keyspaces.execute(0, keyspace -> shelf.in(keyspace).all()).result().stream()
                .map(FunctionLibrary::name)
                .toList();
    }

    @Test
    void shouldHoldWholeLibrariesInTheOrderOfTheirCommitsWhenTheWriterDies() throws Exception {
        for (int saved = 0; saved < 12; saved += 3) {
            try (ObjectStore store = ObjectStores.open("memory:", env)) {
                // given: a writer that is never closed
                Db killed = Engine.open(store, "", Settings.defaults());
                Keyspaces keyspaces = Keyspaces.open(killed, env);
                LibraryShelf shelf = LibraryShelf.of(env, HEAP);
                for (int i = 10; i < 22; i++) {
                    Bytes source = source("l" + i, "f" + i, i);
                    keyspaces.execute(0, keys -> shelf.keep(keys, source, Existing.STAYS));
                    if (i == 10 + saved) killed.flushMemtables();
                }
                // when
                try (Db db = Engine.open(store, "", Settings.defaults())) {
                    List<String> found = names(LibraryShelf.of(env, HEAP), Keyspaces.open(db, env));
                    // then
                    assertTrue(saved < found.size(), "saved=" + saved + " " + found);
                    assertEquals(
                            IntStream.range(10, 10 + found.size()).mapToObj(i -> "l" + i).toList(),
                            found);
                }
            }
        }
    }

    @Test
    void shouldForgetWhatARunHasStagedThatCameToNothing() throws Exception {
        Keyspaces keyspaces = Keyspaces.open(new FakeDb(), env);
        LibraryShelf shelf = LibraryShelf.of(env, HEAP);
        keyspaces.execute(0, keys -> shelf.keep(keys, source("a", "f", 1), Existing.STAYS));

        assertThrows(
                RespError.class,
                () ->
                        keyspaces.execute(
                                0,
                                keys -> {
                                    shelf.keep(keys, source("b", "g", 1), Existing.STAYS);
                                    throw new RespError("ERR no");
                                }));

        assertEquals(List.of("a"), names(shelf, keyspaces));
    }

    @Test
    void shouldLeaveOutALibraryThatDoesNotLoadAndKeepTheOthers() throws Exception {
        Keyspaces keyspaces = Keyspaces.open(new FakeDb(), env);
        LibraryShelf shelf = LibraryShelf.of(env, HEAP);
        keyspaces.execute(0, keys -> shelf.keep(keys, source("a", "f", 1), Existing.STAYS));
        keyspaces.execute(
                0,
                keys -> {
                    keys.keepLibrary(Bytes.utf8("b"), Bytes.utf8("#!lua name=b\nreturn"));
                    keys.keepLibrary(Bytes.utf8("c"), source("c", "F", 1));
                    return true;
                });

        assertEquals(List.of("a"), names(shelf, keyspaces));
    }

    @Test
    void shouldRefuseMoreSourceThanMemoryCanHold() throws Exception {
        Keyspaces keyspaces = Keyspaces.open(new FakeDb(), env);
        LibraryShelf shelf = LibraryShelf.of(env, HEAP);
        Bytes large = Bytes.utf8(source("a", "f", 1).toUtf8() + "\n--" + "x".repeat(1 << 20));

        RespError refused =
                assertThrows(
                        RespError.class,
                        () ->
                                keyspaces.execute(
                                        0, keys -> shelf.keep(keys, large, Existing.STAYS)));

        assertTrue(refused.text().startsWith("OOM "), refused.text());
        assertEquals(List.of(), names(shelf, keyspaces));
    }
}

package dev.holdfast.system.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.system.tidy.House;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Opens the databases that SlateDB itself wrote, as they lay on disk.
class GoldenDatabasesTest {
    private static final Path GOLDEN =
            House.ROOT.resolve("format/src/test/resources/slatedb-0.12.1");

    @TempDir Path folder;

    @Test
    void shouldReadTheBasicDatabase() {
        try (DbReader db = Databases.openReader(GOLDEN.resolve("basic"))) {
            assertEquals(basic(), Databases.rows(db));
        }
    }

    @Test
    void shouldTakeOverTheBasicDatabaseAndWriteToIt() throws IOException {
        // given
        Path copy = Databases.copy(GOLDEN.resolve("basic"), folder.resolve("db"));
        var expected = basic();
        // when
        try (HoldfastDb db = Databases.open(copy, Settings.defaults())) {
            assertEquals(expected, Databases.rows(db));
            db.put(Bytes.utf8("m"), Bytes.utf8("mine"));
            db.delete(Bytes.utf8("after"));
            db.put(Bytes.utf8("new"), Bytes.utf8("row"));
        }
        // then
        expected.put(Bytes.utf8("m"), Bytes.utf8("mine"));
        expected.remove(Bytes.utf8("after"));
        expected.put(Bytes.utf8("new"), Bytes.utf8("row"));
        try (HoldfastDb db = Databases.open(copy, Settings.defaults())) {
            assertEquals(expected, Databases.rows(db));
            assertEquals(List.copyOf(expected.descendingKeySet()), Databases.keysDescending(db));
        }
        assertSound(copy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "Snappy", "Zlib", "Lz4", "Zstd"})
    void shouldReadEveryCodec(String codec) throws IOException {
        // given
        Path golden = GOLDEN.resolve("codec-" + codec);
        var expected = codecRows();
        // when, then: to look at
        try (DbReader db = Databases.openReader(golden)) {
            assertEquals(expected, Databases.rows(db));
            for (var row : expected.entrySet()) assertEquals(row.getValue(), db.get(row.getKey()));
        }
        // when, then: to write
        Path copy = Databases.copy(golden, folder.resolve("db"));
        try (HoldfastDb db = Databases.open(copy, Settings.defaults())) {
            assertEquals(expected, Databases.rows(db));
            assertEquals(List.copyOf(expected.descendingKeySet()), Databases.keysDescending(db));
        }
        assertSound(copy);
    }

    private static void assertSound(Path database) {
        var store = ObjectStores.open(Databases.url(database), Env.system());
        var report = Engine.fsck(store, "");
        assertTrue(report.isSound(), () -> report.problems().toString());
    }

    private static TreeMap<Bytes, Bytes> basic() {
        var rows = new TreeMap<Bytes, Bytes>();
        rows.put(Bytes.utf8("after"), Bytes.utf8("flush"));
        rows.put(Bytes.utf8("m"), Bytes.utf8("op1op2"));
        rows.put(Bytes.utf8("zzz"), Bytes.utf8("2nd epoch"));
        return rows;
    }

    private static TreeMap<Bytes, Bytes> codecRows() {
        var rows = new TreeMap<Bytes, Bytes>();
        for (int flush = 0; flush < 5; flush++)
            for (int i = 0; i < 600; i++)
                rows.put(
                        Bytes.utf8("key%013d".formatted(i * 5 + flush)),
                        Bytes.utf8("value-" + i + "-" + "x".repeat(40)));
        return rows;
    }

    @Test
    void shouldHaveEveryGoldenDatabase() throws IOException {
        try (var found = Files.list(GOLDEN)) {
            assertEquals(6, found.filter(Files::isDirectory).count());
        }
    }
}

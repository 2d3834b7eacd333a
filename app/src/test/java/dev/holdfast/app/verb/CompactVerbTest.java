package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `compact` on databases that need more than a path: operands, codecs, filters.
class CompactVerbTest {
    private static final Bytes KEY = Bytes.utf8("key");

    @TempDir private Path folder;
    @TempDir private Path classes;
    private ObjectStore store;

    @BeforeEach
    void open() {
        store = ObjectStores.open(folder.toUri().toString().replaceAll("/$", ""), Env.system());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private EngineBuilder builder() {
        return Engine.builder(store, "").settings(Settings.defaults().but().untended().build());
    }

    private void fill() {
        try (HoldfastDb db = builder().mergeOperator(new Joined()).open()) {
            db.write(new WriteBatch().put(KEY, Bytes.utf8("a")), Durability.MEMORY);
            for (String operand : List.of("b", "c", "d")) {
                db.write(new WriteBatch().merge(KEY, Bytes.utf8(operand)), Durability.MEMORY);
                db.flushMemtables();
            }
        }
    }

    private Ran compact(String... words) {
        var all = new ArrayList<>(List.of("compact", "--style", "everything"));
        all.addAll(List.of("--data", folder.toString()));
        all.addAll(List.of(words));
        return Ran.line(all.toArray(String[]::new));
    }

    private static Bytes read(EngineBuilder builder) {
        try (DbReader db = builder.openReader()) {
            return db.get(KEY);
        }
    }

    @Test
    void shouldLeaveOperandsAsTheyAreWithoutTheirOperator() {
        fill();

        assertEquals(0, compact().code());

        assertThrows(Invalid.class, () -> read(builder()));
        assertEquals(Bytes.utf8("abcd"), read(builder().mergeOperator(new Joined())));
    }

    @Test
    void shouldCombineOperandsWithTheOperatorThatItIsGiven() {
        fill();

        Ran ran = compact("--merge-operator", Joined.class.getName());

        assertEquals(0, ran.code(), ran::toString);
        assertEquals(Bytes.utf8("abcd"), read(builder()));
    }

    @Test
    void shouldTakeAnOperatorOutOfAFolderOrAJar() throws Exception {
        fill();
        compile(
                "Sum",
                """
                package app;

                import dev.holdfast.base.Bytes;
                import java.util.List;

                public final class Sum implements dev.holdfast.engine.api.MergeOperator {
                    public Bytes merge(Bytes key, Bytes existing, List<Bytes> operands) {
                        String all = existing == null ? "" : existing.toUtf8();
                        for (Bytes operand : operands) all += operand.toUtf8();
                        return Bytes.utf8(all);
                    }
                }
                """);

        Ran ran = compact("--merge-operator", "app.Sum", "--jar", classes.toString());

        assertEquals(0, ran.code(), ran::toString);
        assertEquals(Bytes.utf8("abcd"), read(builder()));
    }

    private void compile(String name, String source) throws Exception {
        Path file = Files.writeString(classes.resolve(name + ".java"), source);
        String path =
                placeOf(MergeOperator.class) + java.io.File.pathSeparator + placeOf(Bytes.class);
        int code =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-cp",
                                path,
                                "-d",
                                classes.toString(),
                                file.toString());
        assertEquals(0, code);
    }

    private static Path placeOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void shouldRefuseWhatIsNoOperatorAndNoTable() {
        fill();
        for (List<String> wrong :
                List.of(
                        List.of("--merge-operator", "app.Gone"),
                        List.of("--merge-operator", "java.lang.String"),
                        List.of("--merge-operator", MergeOperator.class.getName()),
                        List.of("--merge-operator", "app.Sum", "--jar", "gone.jar"),
                        List.of("--block-size", "1m"),
                        List.of("--filter-prefix", "fixed:2", "--filter-bits-per-key", "0"),
                        List.of("--jar", classes.toString()))) {
            Ran ran = compact(wrong.toArray(String[]::new));
            assertEquals(64, ran.code(), ran::toString);
            assertEquals(1, ran.err().lines().count(), ran::toString);
        }
        assertEquals(0, compact().code());
    }

    @Test
    void shouldMakeTablesAsItIsTold() {
        fill();
        assertTrue(stats().contains("\"codecs\":[\"none\"]"), stats());

        assertEquals(0, compact("--compression", "zstd", "--filter-keys-min", "1").code());

        assertTrue(stats().contains("\"codecs\":[\"zstd\"]"), stats());
        assertTrue(stats().matches("(?s).*\"filterBytes\":[1-9].*"), stats());
    }

    @Test
    void shouldMakePrefixFiltersForTheNewerProfileAlone() {
        fill();

        Ran refused = compact("--filter-prefix", "fixed:2");
        assertEquals(64, refused.code(), refused::toString);
        assertTrue(refused.err().contains("holdfast profile upgrade"), refused::toString);

        Ran.line("profile", "upgrade", "--yes", "--fence", "--data", folder.toString());
        Ran made = compact("--filter-prefix", "fixed:2");
        assertEquals(0, made.code(), made::toString);
    }

    private String stats() {
        return Ran.line("stats", "--json", "--data", folder.toString()).out();
    }
}

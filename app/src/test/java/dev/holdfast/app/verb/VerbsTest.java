package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.local.DirectoryLock;
import dev.holdfast.objectstore.local.LockResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The verbs on a directory, as a person meets them: what they print, and how they end.
class VerbsTest {
    @TempDir private Path folder;
    @TempDir private Path inputs;

    @Test
    void shouldKeepWhatWasPut() {
        // given
        assertEquals(new Ran(0, "", ""), run("put", "greeting", "hello\\nworld"));
        // then
        assertEquals(new Ran(0, "hello\\nworld\n", ""), run("get", "greeting"));
        assertEquals(new Ran(0, "hello\nworld", ""), run("get", "--raw", "greeting"));
        assertEquals(
                new Ran(0, "{\"key\":\"greeting\",\"value\":\"hello\\nworld\"}\n", ""),
                run("get", "--json", "greeting"));
        assertEquals(new Ran(0, "greeting\thello\\nworld\n", ""), run("scan"));
    }

    @Test
    void shouldKeepRedisDatabasesApartAndRawRowsToo() {
        // given
        run("put", "--db", "3", "a", "three");
        // then
        assertEquals(66, run("get", "a").code());
        assertEquals("three\n", run("get", "--db", "3", "a").out());
        assertEquals(66, run("get", "--as", "kv", "a").code());
        assertEquals(64, run("get", "--db", "16", "a").code());
    }

    @Test
    void shouldRemoveKeysAndSayHowManyThereWere() {
        // given
        run("put", "a", "1");
        run("put", "b", "2");
        // then
        assertEquals(new Ran(0, "1\n", ""), run("delete", "a", "a", "zz"));
        assertEquals("b\t2\n", run("scan").out());
    }

    @Test
    void shouldSayTheNumberOfACommitAsJson() {
        assertEquals(
                new Ran(0, "{\"key\":\"a\",\"seq\":1}\n", ""),
                run("put", "--as", "kv", "--json", "a", "1"));
        assertEquals(
                new Ran(0, "{\"keys\":2,\"existed\":1,\"seq\":2}\n", ""),
                run("delete", "--as", "kv", "--json", "a", "a", "zz"));
    }

    @Test
    void shouldScanRawRowsInOrderWithinBounds() {
        // given
        run("load", "--as", "kv", "--quiet", "--default-value", "v", file("a\nb\nb1\nc\n\\x\n"));
        // then
        assertEquals(List.of("\\\\x", "a", "b", "b1", "c"), keys());
        assertEquals(List.of("c", "b1", "b", "a", "\\\\x"), keys("--reverse"));
        assertEquals(List.of("b", "b1"), keys("--prefix", "b"));
        assertEquals(List.of("b1"), keys("--prefix", "b", "--from", "b0", "--to", "c"));
        assertEquals(List.of("b", "b1"), keys("--from", "b", "--to", "c"));
        assertEquals(List.of("\\\\x", "a"), keys("--limit", "2"));
        assertEquals("5\n", run("scan", "--as", "kv", "--count").out());
        assertEquals(64, run("scan", "--from", "a").code());
    }

    @Test
    void shouldLoadAndSayHonestlyWhatItDid() {
        // when
        Ran ran = run("load", "--quiet", "--json", file("a\t1\nbroken\nb\t2\n"));
        // then
        assertEquals(65, ran.code());
        assertTrue(ran.out().startsWith("{\"rows\":2,\"bytes\":15,\"rejected\":1,"), ran.out());
        assertEquals("holdfast: line 2: no tab between key and value\n", ran.err());
        assertEquals("2\n", run("scan", "--count").out());
    }

    @Test
    void shouldLoadFromStandardInputWhatScanPrints() {
        // given
        run("put", "a", "x\\ty");
        run("put", "b", "\\xff");
        String printed = run("scan", "--json").out();
        // when
        Ran ran =
                Ran.withInput(
                        printed,
                        "load",
                        "-q",
                        "--format",
                        "jsonl",
                        "--data",
                        "" + folder,
                        "--path",
                        "copy");
        // then
        assertEquals(0, ran.code(), ran.toString());
        assertEquals(
                printed.lines().sorted().toList(),
                run("scan", "--json", "--path", "copy").out().lines().sorted().toList());
    }

    @Test
    void shouldTellALocalDirectoryFromATypo() throws IOException {
        // given
        run("put", "a", "1");
        String typo = "" + inputs.resolve("typo");
        String local = "" + Files.createDirectory(inputs.resolve("local"));
        Files.createFile(inputs.resolve("local/identity"));
        // then
        assertEquals(66, Ran.withInput("", "tail", "show", typo).code());
        assertEquals(66, Ran.withInput("", "tail", "drop", typo, "1", "--yes").code());
        assertEquals(66, replay(typo, "1"));
        assertEquals(0, Ran.withInput("", "tail", "show", local).code());
        assertEquals(64, Ran.withInput("", "tail", "drop", local, "--yes").code());
        assertEquals(66, replay(local, "1", "--dry-run"));
    }

    private int replay(String... arguments) {
        var all = new ArrayList<>(List.of("tail", "replay", "--data", "" + folder));
        all.addAll(List.of(arguments));
        return Ran.withInput("", all.toArray(String[]::new)).code();
    }

    @Test
    void shouldLookWithoutWriting() throws IOException {
        // given
        run("put", "a", "1");
        Set<String> before = files();
        // when
        run("get", "a");
        run("scan");
        run("manifest", "show");
        run("manifest", "show", "--list");
        run("wal", "show", "--rows");
        run("fsck");
        // then
        assertEquals(before, files());
    }

    @Test
    void shouldShowTheObjectsOfADatabase() {
        // given
        run("put", "--as", "kv", "key", "value");
        // when
        String manifest = run("manifest", "show", "--json").out();
        String id = manifest.replaceAll("(?s).*\"sst\":\"(\\w{26})\".*", "$1");
        // then
        assertTrue(manifest.contains("\"first\":\"key\",\"last\":\"key\""), manifest);
        String dump = run("sst", "dump", "--rows", id).out();
        assertTrue(
                dump.contains("kind: compacted\n") && dump.contains("  put  key\tvalue\n"), dump);
        String log = run("wal", "show", "--rows").out();
        assertTrue(log.contains("fence=empty sst") && log.contains("put  key\tvalue"), log);
        String file = folder.resolve("compacted/" + id + ".sst").toString();
        assertEquals(0, run("sst", "dump", file).code());
    }

    @Test
    void shouldCompactCollectAndBackUp(@TempDir Path vault) throws IOException {
        // given
        for (int i = 0; i < 6; i++) run("put", "--as", "kv", "key" + i, "value" + i);
        // when
        Ran compacted = run("compact", "--style", "everything", "--json");
        Ran collected = run("gc", "--dry-run", "--min-age", "0s", "--json");
        // then
        assertEquals(0, compacted.code(), compacted.toString());
        assertTrue(compacted.out().contains("\"compactions\":1"), compacted.out());
        assertEquals(0, collected.code(), collected.toString());
        assertEquals(0, run("gc").code());
        assertEquals("value3\n", run("get", "--as", "kv", "key3").out());

        String copy = vault.resolve("copy").toString();
        Ran backup = Ran.line("backup", folder.toString(), copy, "--verify", "--json");
        assertEquals(0, backup.code(), backup.toString());
        String again = vault.resolve("again").toString();
        assertEquals(0, Ran.line("restore", copy, again).code());
        assertEquals("value5\n", Ran.line("get", "--data", again, "--as", "kv", "key5").out());
        assertEquals(66, Ran.line("backup", vault.resolve("no").toString(), copy).code());
        assertEquals(64, Ran.line("backup", copy, copy).code());
    }

    @Test
    void shouldKeepMomentsAndMakeDatabasesOfOthers() {
        // given
        String store = folder.toString();
        for (int i = 0; i < 6; i++)
            Ran.line("put", "--data", store, "--path", "a", "--as", "kv", "key" + i, "value" + i);
        String id = "01740ee5-6459-44af-9a45-85deb6e468e3";
        String[] database = {"--data", store, "--path", "a"};
        Ran made = with(database, "checkpoint", "create", "--id", id, "--lifetime", "1h", "--json");
        assertTrue(made.out().contains("\"id\":\"" + id + "\""), made.toString());
        assertEquals(made, with(database, "checkpoint", "list", "--json"));
        assertEquals(0, with(database, "checkpoint", "refresh", id, "--lifetime", "2h").code());
        // when
        with(database, "put", "--as", "kv", "key1", "newer");
        assertEquals(0, with(database, "clone", "b", "--checkpoint", id).code());
        assertEquals(0, with(database, "clone", "c", "--from", "key1", "--to", "key3").code());
        assertEquals(73, with(database, "drop", "--yes").code());
        String[] clone = {"--data", store, "--path", "b"};
        assertEquals(0, with(clone, "detach", "--grace", "0s", "--json").code());
        assertEquals(
                0, with(new String[] {"--data", store, "--path", "c"}, "drop", "--yes").code());
        assertEquals(0, with(database, "checkpoint", "delete", id).code());
        assertEquals(66, with(database, "checkpoint", "delete", id).code());
        // then
        assertEquals("value1\n", with(clone, "get", "--as", "kv", "key1").out());
        assertEquals("newer\n", with(database, "get", "--as", "kv", "key1").out());
        assertEquals(64, with(database, "drop").code());
        assertEquals(0, with(database, "drop", "--yes").code());
        assertEquals(66, with(database, "drop", "--yes").code());
        assertEquals("value1\n", with(clone, "get", "--as", "kv", "key1").out());
    }

    private static Ran with(String[] database, String... words) {
        List<String> line = new ArrayList<>(Arrays.asList(words));
        line.addAll(Arrays.asList(database));
        return Ran.line(line.toArray(String[]::new));
    }

    @Test
    void shouldFindWhatIsDamaged() throws IOException {
        // given
        run("put", "--as", "kv", "key", "value");
        assertEquals(0, run("fsck").code());
        Path sst = onlyFileIn("compacted");
        byte[] bytes = Files.readAllBytes(sst);
        bytes[3] ^= 1;
        Files.write(sst, bytes);
        // when
        Ran fsck = run("fsck");
        // then
        assertEquals(1, fsck.code(), fsck.toString());
        assertTrue(fsck.out().contains(sst.getFileName().toString()), fsck.out());
        Ran dump = run("sst", "dump", "--rows", sst.toString());
        assertEquals(65, dump.code());
        assertEquals(1, dump.err().lines().count(), dump.err());
        assertEquals(65, run("get", "--as", "kv", "key").code());
    }

    @Test
    void shouldWriteThroughTheLocalDirectoryThatAServerLeftHere() throws IOException {
        // given
        Path local = folder.resolve(".holdfast.local");
        LocalSettings settings = LocalSettings.in(local).withSegmentSize(ByteSize.kibibytes(64));
        ObjectStore store = ObjectStores.open(folder.toUri().toString(), Env.system());
        Engine.builder(store, "").local(settings).open().close();
        forgetThatItDrained();
        // then
        assertEquals(0, run("put", "a", "1").code());
        assertEquals("1\n", run("get", "a").out());
        // given
        forgetThatItDrained();
        Files.move(local, folder.resolveSibling(folder.getFileName() + "-elsewhere"));
        // then
        Ran refused = run("put", "b", "1");
        assertEquals(73, refused.code(), refused.toString());
        assertTrue(refused.err().contains("owned by another node"), refused.err());
    }

    private void forgetThatItDrained() throws IOException {
        try (var words = Files.newDirectoryStream(folder.resolve("holdfast"), "drained-*")) {
            for (Path word : words) Files.delete(word);
        }
    }

    @Test
    void shouldRefuseToWriteWhileAnotherHoldsTheDirectory() {
        // given
        run("put", "a", "1");
        var result = DirectoryLock.tryAcquire(folder, Env.system());
        try (var _ = assertInstanceOf(LockResult.Acquired.class, result).lock()) {
            for (List<String> line :
                    List.of(
                            List.of("put", "a", "2"),
                            List.of("delete", "a"),
                            List.of("load", "-q", file("a\t2\n")))) {
                // when
                Ran refused = run(line.toArray(String[]::new));
                // then
                assertEquals(73, refused.code(), refused.toString());
                assertTrue(refused.err().contains(" is in use by pid "), refused.err());
                assertEquals(1, refused.err().lines().count(), refused.err());
            }
            assertEquals("1\n", run("get", "a").out());
            Ran forced = run("put", "--take-over", "a", "3");
            assertEquals(0, forced.code(), forced.toString());
            assertTrue(forced.err().startsWith("holdfast: taking the database over from pid "));
        }
        assertEquals("3\n", run("get", "a").out());
    }

    @Test
    void shouldEndWithOneLineAndTheDocumentedCode() {
        List<Object> cases =
                List.of(
                        64, List.of("bogus"),
                        64, List.of(),
                        64, List.of("get"),
                        64, List.of("sst"),
                        64, List.of("get", "a\\q"),
                        64, List.of("put", "", "x"),
                        64, List.of("get", "--data", "file:relative", "a"),
                        64, List.of("get", "--data", "s3://bucket", "a"),
                        64, List.of("get", "--path", "../up", "a"),
                        64, List.of("scan", "--limit", "-1"),
                        66, List.of("get", "a"),
                        66, List.of("fsck"),
                        66, List.of("delete", "a"),
                        66, List.of("load", folder.resolve("missing").toString()),
                        64, List.of("serve", "--port", "x"),
                        78, List.of("serve", "--check-config", "--port", "70000"),
                        64, List.of("serve", "--check-config", "--durability", "strong"),
                        78, List.of("serve", "--check-config", "--config", "missing.yaml"));
        for (int i = 0; i < cases.size(); i += 2) {
            List<String> words =
                    ((List<?>) cases.get(i + 1)).stream().map(String::valueOf).toList();
            Ran ran = runInEmpty(words);
            assertEquals(cases.get(i), ran.code(), words + " " + ran);
            assertEquals("", ran.out(), words.toString());
            assertEquals(1, ran.err().lines().count(), words + " " + ran);
            assertTrue(ran.err().startsWith("holdfast: "), words + " " + ran);
        }
        assertFalse(Files.exists(folder.resolve("nothing-here")));
    }

    @Test
    void shouldExplainEveryVerb() {
        var line = Verbs.commandLine(null);
        for (String verb : line.getSubcommands().keySet()) {
            Ran help = Ran.line(verb, "--help");
            assertEquals(0, help.code(), verb);
            assertTrue(help.out().contains("Example"), verb + " has no example");
        }
        Ran help = Ran.line("--help");
        assertTrue(help.out().contains("73 locked") && help.out().contains("78 wrong"), help.out());
        assertEquals(0, Ran.line("version").code());
        assertTrue(Ran.line("version").out().startsWith("holdfast "));
    }

    private Ran runInEmpty(List<String> words) {
        List<String> line = new ArrayList<>(words);
        boolean takesData =
                !words.isEmpty() && Set.of("get", "fsck", "delete").contains(words.get(0));
        if (takesData && !words.contains("--data") && !words.contains("--path"))
            line.addAll(List.of("--data", folder.resolve("nothing-here").toString()));
        return Ran.line(line.toArray(String[]::new));
    }

    private Ran run(String... words) {
        List<String> line = new ArrayList<>(Arrays.asList(words));
        boolean isGroup = Set.of("manifest", "wal", "sst").contains(words[0]);
        line.addAll(isGroup ? 2 : 1, List.of("--data", folder.toString()));
        return Ran.line(line.toArray(String[]::new));
    }

    private List<String> keys(String... options) {
        List<String> words = new ArrayList<>(List.of("scan", "--as", "kv", "--keys-only"));
        words.addAll(List.of(options));
        return run(words.toArray(String[]::new)).out().lines().toList();
    }

    private String file(String text) {
        try {
            return Files.writeString(Files.createTempFile(inputs, "rows", ".tsv"), text).toString();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private Path onlyFileIn(String name) throws IOException {
        try (var found = Files.list(folder.resolve(name))) {
            return found.findFirst().orElseThrow();
        }
    }

    private Set<String> files() throws IOException {
        Set<String> found = new TreeSet<>();
        try (var paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator)
                found.add(path + " " + Files.getLastModifiedTime(path));
        }
        return found;
    }

    @Test
    void shouldTellWhyItCannotAskAServer() {
        Ran nobody = Ran.line("why-stuck", "--pid", "999999999");
        assertEquals(66, nobody.code(), nobody.toString());
        assertTrue(nobody.err().contains("no such process: 999999999"), nobody.toString());
        String self = Long.toString(ProcessHandle.current().pid());
        Ran stranger = Ran.line("why-stuck", "--pid", self);
        assertEquals(76, stranger.code(), stranger.toString());
        Ran silent = Ran.line("why-stuck", "--port", "1");
        assertEquals(66, silent.code(), silent.toString());
        assertEquals(64, Ran.line("why-stuck").code());
    }
}

package dev.holdfast.system.process;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// A process that writes numbers into a database, one commit each, on top of what it finds: the
/// newest number says all that the database must hold.
///
/// Close it: that kills it.
public final class Numbers implements AutoCloseable {
    private static final String LAST = "last";
    private static final int KEYS = 50;
    private static final String DONE = ".";

    private final Process process;
    private final Path acks;

    /// The newest number that was acknowledged as durable, and the commit that it was.
    public record Acked(int number, long seq) {}

    private Numbers(Process process, Path acks) {
        this.process = process;
        this.acks = acks;
    }

    /// Starts to write to the database at `url`, which is taken over, and says in `acks` how far it
    /// has come.
    public static Numbers start(String url, Path acks) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-ea", "-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Numbers.class.getName(), url));
        Files.deleteIfExists(acks);
        var builder =
                new ProcessBuilder(command)
                        .redirectOutput(acks.toFile())
                        .redirectError(
                                ProcessBuilder.Redirect.appendTo(
                                        acks.resolveSibling("numbers.err").toFile()));
        builder.environment().putAll(ServerProcess.STORE_CREDENTIALS);
        return new Numbers(builder.start(), acks);
    }

    /// Writes until it is killed, or fenced.
    public static void main(String[] words) {
        Settings settings =
                Settings.defaults()
                        .but()
                        .flushInterval(Duration.ofMillis(5))
                        .l0SstSize(ByteSize.kibibytes(8))
                        .compaction(CompactionSettings.defaults())
                        .collectionInterval(Duration.ofSeconds(1))
                        .collectionMinAge(Duration.ofSeconds(5))
                        .build();
        HoldfastDb db =
                Engine.builder(ObjectStores.open(words[0], Env.system()), "")
                        .settings(settings)
                        .open();
        for (int number = 1 + lastOf(db); ; number++) {
            var batch =
                    new WriteBatch()
                            .put(Bytes.utf8(LAST), Bytes.utf8("" + number))
                            .put(Bytes.utf8(key(number)), Bytes.utf8(value(number)));
            long seq = db.write(batch, Durability.REMOTE);
            System.out.println(number + " " + seq + " " + DONE);
        }
    }

    private static String key(int number) {
        return "key%02d".formatted(number % KEYS);
    }

    private static String value(int number) {
        return number + " ".repeat(number % 300);
    }

    /// The newest number in a database.
    public static int lastOf(Reads db) {
        Bytes last = db.get(Bytes.utf8(LAST));
        return last == null ? 0 : Integer.parseInt(last.toUtf8());
    }

    /// All that a database holds whose newest number is `last`.
    public static TreeMap<Bytes, Bytes> upTo(int last) {
        var rows = new TreeMap<Bytes, Bytes>();
        if (0 < last) rows.put(Bytes.utf8(LAST), Bytes.utf8("" + last));
        for (int number = Math.max(1, last - KEYS + 1); number <= last; number++)
            rows.put(Bytes.utf8(key(number)), Bytes.utf8(value(number)));
        return rows;
    }

    /// How far it has come; zero if it has not yet begun.
    public Acked acked() throws IOException {
        List<String> lines = Files.readAllLines(acks);
        for (String line : lines.reversed()) {
            String[] words = line.split(" ");
            if (words.length == 3 && words[2].equals(DONE))
                return new Acked(Integer.parseInt(words[0]), Long.parseLong(words[1]));
        }
        return new Acked(0, 0);
    }

    /// Waits until it has come beyond `number`.
    public Acked awaitBeyond(int number) throws IOException, InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (acked().number() <= number) {
            if (process.waitFor(10, TimeUnit.MILLISECONDS))
                throw new AssertionError("it ended with " + process.exitValue());
            if (giveUp - System.nanoTime() < 0) throw new AssertionError("no further: " + acked());
        }
        return acked();
    }

    /// Lets it write for a while; false if it has ended by itself.
    public boolean goOnFor(Duration duration) throws InterruptedException {
        return !process.waitFor(duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Ends it at once.
    public void kill() {
        ProcessTree.kill(process);
    }

    @Override
    public void close() {
        kill();
    }
}

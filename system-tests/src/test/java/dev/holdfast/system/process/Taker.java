package dev.holdfast.system.process;

import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.ChangeStream;
import dev.holdfast.engine.api.ChangeStream.Batch;
import dev.holdfast.engine.api.ChangeStream.Position;
import dev.holdfast.engine.api.ChangeStream.Settings;
import dev.holdfast.engine.api.ChangeStream.Start;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.objectstore.ObjectStores;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A process that takes the changes of a database that [Numbers] writes, line by line into a file,
/// and goes on behind the last whole line: what it has taken and the place behind it are one thing.
public final class Taker {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private Taker() {}

    /// Takes until it is killed.
    public static void main(String[] words) throws Exception {
        Path book = Path.of(words[1]);
        cut(book);
        List<String> lines = Files.exists(book) ? Files.readAllLines(book) : List.of();
        Start start =
                lines.isEmpty()
                        ? new Start.Oldest()
                        : new Start.At(Position.parse(lines.getLast().split(" ")[2]));
        Settings settings =
                Settings.named("taker")
                        .from(start)
                        .withLease(Duration.ofMinutes(2))
                        .withPolls(Duration.ofMillis(5), Duration.ofMillis(50));
        var store = ObjectStores.open(words[0], Env.system());
        try (ChangeStream changes = Engine.changes(store, "", settings);
                var out = new RandomAccessFile(book.toFile(), "rw")) {
            out.seek(out.length());
            while (true) {
                Batch batch = next(changes);
                if (batch == null) continue;
                String number = batch.rows().getFirst().value().toUtf8();
                String line = number + " " + batch.seq() + " " + batch.next() + "\n";
                out.write(line.getBytes(StandardCharsets.US_ASCII));
                changes.acknowledge(batch.next());
            }
        }
    }

    private static Batch next(ChangeStream changes) throws InterruptedException {
        try {
            return changes.next(LOOK);
        } catch (Unavailable notNow) {
            return null;
        }
    }

    // A line that it died in is none.
    private static void cut(Path book) throws IOException {
        if (!Files.exists(book)) return;
        String text = Files.readString(book, StandardCharsets.US_ASCII);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        if (!whole.equals(text)) Files.writeString(book, whole, StandardCharsets.US_ASCII);
    }

    /// The numbers in the whole lines of `book`.
    public static List<Integer> taken(Path book) throws IOException {
        if (!Files.exists(book)) return List.of();
        String text = Files.readString(book, StandardCharsets.US_ASCII);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(line -> Integer.parseInt(line.split(" ")[0]))
                .toList();
    }
}

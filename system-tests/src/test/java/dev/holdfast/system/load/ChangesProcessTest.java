package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import dev.holdfast.system.interop.Databases;
import dev.holdfast.system.process.ChildJvm;
import dev.holdfast.system.process.Numbers;
import dev.holdfast.system.process.Taker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A consumer of changes in one process, killed and started again, beside writers in others that
/// are killed and taken over from, and that flush, compact and collect all the while.
class ChangesProcessTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir private Path folder;
    private final long seed = System.nanoTime();

    @Test
    @Timeout(240)
    void shouldTakeEveryCommitOnceThroughAFewKills() throws Exception {
        run(4);
    }

    @Test
    @Tag("long")
    @Timeout(3000)
    void shouldTakeEveryCommitOnceThroughAHundredKills() throws Exception {
        run(100);
    }

    private void run(int kills) throws Exception {
        var random = new Random(seed);
        String url = Databases.url(Files.createDirectories(folder.resolve("data")));
        Path book = folder.resolve("book");
        Numbers writer = Numbers.start(url, folder.resolve("acks 0"));
        try {
            writer.awaitBeyond(0);
            for (int life = 1; life <= kills; life++) {
                try (ChildJvm taker = take(url, book)) {
                    awaitMore(book, Taker.taken(book).size() + random.nextInt(200));
                    if (life % 4 == 0) {
                        if (random.nextBoolean()) writer.kill();
                        Numbers next = Numbers.start(url, folder.resolve("acks " + life));
                        next.awaitBeyond(0);
                        writer.kill();
                        writer = next;
                    }
                    taker.kill();
                }
            }
            int last = writer.acked().number();
            writer.kill();
            try (ChildJvm _ = take(url, book)) {
                awaitMore(book, last - 1);
            }
            List<Integer> taken = Taker.taken(book);
            assertEquals(
                    IntStream.rangeClosed(1, taken.size()).boxed().toList(), taken, "seed=" + seed);
            assertTrue(last <= taken.size(), last + " of " + taken.size() + ", seed=" + seed);
            System.out.println("changes: " + taken.size() + " commits, " + kills + " kills");
        } finally {
            writer.kill();
        }
    }

    private ChildJvm take(String url, Path book) throws IOException {
        return ChildJvm.start(Taker.class, folder.resolve("out"), url, book.toString());
    }

    private void awaitMore(Path book, int than) throws Exception {
        long giveUp = System.nanoTime() + SOON.toNanos();
        while (Taker.taken(book).size() <= than) {
            Env.system().sleep(Duration.ofMillis(20));
            if (giveUp - System.nanoTime() < 0)
                throw new AssertionError(
                        "no further: "
                                + Taker.taken(book).size()
                                + ", "
                                + Files.readString(folder.resolve("out")));
        }
    }
}

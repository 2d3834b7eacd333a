package dev.holdfast.system.transact;

import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.simulation.check.Transaction.Outcome;
import dev.holdfast.simulation.transact.Noted;
import dev.holdfast.simulation.transact.NotedText;
import dev.holdfast.simulation.transact.TransactionJudge;
import dev.holdfast.system.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// One process after another that uses transactions on one bucket, each but the last killed at an
/// instant that nobody chose; and the verdict on all that they said.
final class TransactionKills {
    private static final int THREADS = 8;
    private static final int WITHOUT_END = 1_000_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Path folder;
    private final IsolationLevel level;
    private final SplittableRandom chance;
    private final List<List<Noted>> lives = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private int next; // the number of the next transaction: lives go on with the lists before

    TransactionKills(Path folder, IsolationLevel level, long seed) throws IOException {
        this.folder = folder;
        this.level = level;
        chance = new SplittableRandom(seed);
        Files.createDirectories(folder.resolve("bucket"));
    }

    /// Runs a process for up to `most` after it has opened, then kills it.
    void liveAndDie(Duration most) throws IOException, InterruptedException {
        Path said = said();
        try (ChildJvm child = started(said, WITHOUT_END)) {
            awaitOpen(child, said);
            boolean hasEnded =
                    child.awaitExit(Duration.ofMillis(1 + chance.nextLong(most.toMillis())));
            if (hasEnded) wrong.add("it ended by itself: " + tail(said));
            child.kill();
        }
        hear(said);
    }

    /// Runs a process to the end of `count` transactions.
    void liveToTheEnd(int count) throws IOException, InterruptedException {
        Path said = said();
        try (ChildJvm child = started(said, count)) {
            if (!child.awaitExit(PATIENCE)) wrong.add("it does not end: " + tail(said));
        }
        hear(said);
        if (!Files.readString(said).endsWith("done\n")) wrong.add("not done: " + tail(said));
    }

    private Path said() {
        return folder.resolve("life-" + lives.size() + ".txt");
    }

    private ChildJvm started(Path said, int count) throws IOException {
        return ChildJvm.start(
                TransactionProgram.class,
                said,
                folder.resolve("bucket").toString(),
                level.name(),
                String.valueOf(next),
                String.valueOf(count),
                String.valueOf(THREADS),
                String.valueOf(chance.nextLong()));
    }

    private static void awaitOpen(ChildJvm child, Path said)
            throws IOException, InterruptedException {
        for (Duration left = PATIENCE; left.isPositive(); left = left.minus(LOOK)) {
            if (Files.exists(said) && child.output().contains("opened\n")) return;
            if (child.awaitExit(LOOK)) throw new AssertionError("ended: " + child.output());
        }
        throw new AssertionError("does not open: " + child.output());
    }

    private void hear(Path said) throws IOException {
        var text = new NotedText();
        int last = next;
        String all = Files.readString(said);
        int whole = all.lastIndexOf('\n') + 1; // it was killed while it spoke
        for (String line : all.substring(0, whole).split("\n")) {
            if (line.startsWith(TransactionProgram.WRONG)) wrong.add(line);
            text.add(line);
            if (line.startsWith("end "))
                last = Math.max(last, Integer.parseInt(line.split(" ")[1]));
        }
        next = last + 2 * THREADS; // some had begun, and had said nothing yet
        lives.add(text.all());
    }

    private static String tail(Path said) throws IOException {
        String all = Files.readString(said);
        return all.substring(Math.max(0, all.length() - 2_000));
    }

    /// How many transactions have come to their commit.
    int count() {
        return lives.stream().mapToInt(List::size).sum();
    }

    /// How many were told that they had committed.
    long committed() {
        return lives.stream()
                .flatMap(List::stream)
                .filter(noted -> noted.inLife().outcome() == Outcome.COMMITTED)
                .count();
    }

    /// How many nobody knows anything of.
    long unknown() {
        return lives.stream()
                .flatMap(List::stream)
                .filter(noted -> noted.inLife().outcome() == Outcome.UNKNOWN)
                .count();
    }

    int kills() {
        return lives.size() - 1;
    }

    /// What is wrong; empty if nothing is.
    List<String> findings() {
        var all = new ArrayList<>(wrong);
        all.addAll(new TransactionJudge(level, lives).findings());
        return all;
    }

    /// True if it was not serializable.
    boolean hasSkew() {
        return new TransactionJudge(level, lives).hasSkew();
    }
}

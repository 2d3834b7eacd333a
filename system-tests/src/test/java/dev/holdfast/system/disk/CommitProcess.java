package dev.holdfast.system.disk;

import dev.holdfast.system.interop.Databases;
import dev.holdfast.system.process.ProcessTree;
import dev.holdfast.system.process.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;

/// A [CommitProgram] that runs, and the thread that hears what it says.
///
/// Close it: that kills it.
final class CommitProcess implements AutoCloseable {
    private static final int KEPT_MAX = 2000;
    private static final long POLL_MILLIS = 5;
    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final List<Lane> lanes;
    private final Acks acks;
    private final Thread listener;
    private final ConcurrentLinkedDeque<String> said = new ConcurrentLinkedDeque<>();
    private volatile boolean isOpen;

    private CommitProcess(Process process, List<Lane> lanes, Acks acks) {
        this.process = process;
        this.lanes = lanes;
        this.acks = acks;
        listener = Thread.ofPlatform().daemon().name("acks").start(this::listen);
    }

    /// Where its log is, and the URL of its bucket.
    record Place(Path local, String bucket) {
        Place(Path local, Path folder) {
            this(local, Databases.url(folder));
        }
    }

    /// Starts it under `program`, such as strace, or by itself if that is empty. What it says is
    /// added to `acks`.
    static CommitProcess start(
            List<String> program, Place place, CommitSettings settings, Acks acks)
            throws IOException {
        var command = new ArrayList<>(program);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-ea", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        // what is done to the nth call is counted by thread: one thread makes them
        if (!program.isEmpty())
            for (String bound : List.of("parallelism", "maxPoolSize"))
                command.add("-Djdk.virtualThreadScheduler." + bound + "=1");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(CommitProgram.class.getName(), "" + place.local));
        command.add(place.bucket);
        command.addAll(settings.words());
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(ServerProcess.STORE_CREDENTIALS);
        return new CommitProcess(builder.start(), settings.lanes(), acks);
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) hear(line);
        } catch (IOException gone) {
            said.add("its voice is gone: " + gone.getMessage());
        }
    }

    private void hear(String line) {
        String[] words = line.split(" ");
        if (words.length == 4 && words[3].equals(CommitProgram.DONE)) {
            acks.add(
                    Integer.parseInt(words[0]),
                    Integer.parseInt(words[1]),
                    Long.parseLong(words[2]));
            return;
        }
        if (line.equals(CommitProgram.OPENED)) isOpen = true;
        said.add(line);
        if (KEPT_MAX < said.size()) said.poll();
    }

    /// What it said beside its acknowledgements, the newest part of it.
    List<String> said() {
        return List.copyOf(said);
    }

    /// What its threads do now, as far as it still tells: written to `file`.
    String threads(Path file) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        String pid = "" + process.pid();
        Process asking =
                new ProcessBuilder("" + jcmd, pid, "Thread.dump_to_file", "" + file)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        boolean isDone = asking.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        asking.destroyForcibly();
        return isDone && Files.exists(file) ? Files.readString(file) : "its threads are not told";
    }

    /// Whether it has opened its database.
    boolean isOpen() {
        return isOpen;
    }

    /// Whether it still runs.
    boolean isAlive() {
        return process.isAlive();
    }

    /// How much memory it holds now; 0 where that is not told, or it has ended.
    long residentBytes() throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.exists(status)) return 0;
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0);
    }

    /// Waits until it has opened its database.
    void awaitOpen() throws InterruptedException {
        await("its opening", () -> isOpen);
    }

    /// Waits until each lane has acknowledged `more` commits than in `before`.
    void awaitBeyond(int[] before, int more) throws InterruptedException {
        await("acknowledgements beyond", () -> isBeyond(acks.lasts(), before, more));
    }

    private boolean isBeyond(int[] now, int[] before, int more) {
        return lanes.stream()
                .mapToInt(Lane::ordinal)
                .allMatch(lane -> before[lane] + more <= now[lane]);
    }

    /// Waits until something is so.
    void await(String what, java.util.function.BooleanSupplier isSo) throws InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!isSo.getAsBoolean()) {
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS))
                throw new AssertionError("it ended by itself: " + said);
            if (giveUp - System.nanoTime() < 0)
                throw new AssertionError("waited in vain for " + what + ": " + said);
        }
    }

    /// Ends it at once, and hears what it had said. When this returns it holds nothing any more.
    void kill() throws InterruptedException {
        ProcessTree.kill(process);
        listener.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    }

    @Override
    public void close() {
        ProcessTree.kill(process);
    }
}

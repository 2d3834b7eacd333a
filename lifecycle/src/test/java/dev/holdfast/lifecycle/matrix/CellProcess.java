package dev.holdfast.lifecycle.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.lifecycle.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Runs one cell in a process of its own and compares what comes of it with what must.
final class CellProcess {
    /// What a process may need beyond its bound, on a machine that is busy with others.
    static final Duration NOISE = Duration.ofMillis(1_000);

    private static final String CULPRITS_CODE = Misdeeds.class.getPackageName();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START_MAX = Duration.ofSeconds(30);

    private final Cell cell;
    private final Path errors;
    private final Path record;
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private volatile boolean isAnnounced;

    /// What came of a cell.
    ///
    /// @param faults what is wrong with it; none if it is as it must be
    record Result(Cell cell, int exitCode, Duration took, List<String> faults) {
        boolean isGood() {
            return faults.isEmpty();
        }
    }

    CellProcess(Cell cell, Path folder) {
        this.cell = cell;
        errors = folder.resolve(cell.toString().replace(' ', '-') + ".err");
        record = folder.resolve(cell.toString().replace(' ', '-') + ".json");
    }

    Result run() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command());
        if (cell.behaviour() != Behaviour.FILLS_STANDARD_ERROR) {
            builder.redirectError(errors.toFile());
        }
        Process process = builder.start();
        try (BufferedReader out = process.inputReader(UTF_8)) {
            CompletableFuture.delayedExecutor(START_MAX.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> endIfSilent(process));
            awaitAnnouncement(out);
            isAnnounced = true;
            long from = System.nanoTime();
            stimulate(process);
            Expectation expected = Expectation.of(cell);
            Duration patience = expected.within().plus(NOISE).plusSeconds(5);
            boolean hasEnded = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
            Duration took = Duration.ofNanos(System.nanoTime() - from);
            if (!hasEnded) faults.add("did not end within " + patience.toMillis() + " ms");
            else compare(expected, process.exitValue(), took);
            return new Result(cell, hasEnded ? process.exitValue() : -1, took, List.copyOf(faults));
        } finally {
            process.destroyForcibly();
        }
    }

    private void endIfSilent(Process process) {
        if (isAnnounced) return;
        faults.add("announced nothing");
        process.destroyForcibly();
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-ea", "-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-Xshare:auto", "--enable-native-access=ALL-UNNAMED"));
        command.add("-Djdk.virtualThreadScheduler.parallelism=2");
        command.add("-Djdk.virtualThreadScheduler.maxPoolSize=2");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(MatrixChild.class.getName());
        command.addAll(List.of(cell.behaviour().name(), cell.moment().name()));
        command.addAll(List.of(cell.stimulus().name(), record.toString()));
        return command;
    }

    // A process may be over before it is asked: then there is nothing to announce.
    private static void awaitAnnouncement(BufferedReader out) throws IOException {
        String line = out.readLine();
        while (line != null && !line.equals(Announcement.LINE)) line = out.readLine();
    }

    private void stimulate(Process process) throws InterruptedException {
        for (int i = 0; i < cell.stimulus().signals().size(); i++) {
            long gap = cell.stimulus().gap().toMillis();
            if (0 < i && process.waitFor(gap, TimeUnit.MILLISECONDS)) return;
            if (process.isAlive())
                NativeCalls.kill(process.pid(), cell.stimulus().signals().get(i));
        }
        if (cell.stimulus() == Stimulus.PROGRAMMATIC) call(process);
    }

    private static void call(Process process) {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException gone) {
            return; // it has ended
        }
    }

    private void compare(Expectation expected, int exitCode, Duration took) throws IOException {
        String codes =
                expected.codes().stream()
                        .map(code -> Integer.toString(code.code()))
                        .collect(Collectors.joining(" or "));
        if (expected.codes().stream().noneMatch(code -> code.code() == exitCode)) {
            faults.add("exit code " + exitCode + ", not " + codes);
        }
        boolean hasMemory = cell.behaviour() != Behaviour.EATS_ALL_MEMORY;
        Duration noise = hasMemory ? NOISE : NOISE.multipliedBy(2); // the collector runs and runs
        if (0 < took.compareTo(expected.within().plus(noise))) {
            faults.add("took " + took.toMillis() + " ms of " + expected.within().toMillis());
        }
        String written = Files.exists(record) ? Files.readString(record) : "";
        if (!hasMemory && written.isEmpty()) return; // there was none for a report either
        compareReport(expected, exitCode, written);
        boolean isReadable = cell.behaviour() != Behaviour.FILLS_STANDARD_ERROR;
        if (isReadable && hasMemory) comparePage(exitCode);
    }

    private void compareReport(Expectation expected, int exitCode, String written) {
        String json = written.lines().filter(line -> line.startsWith("{")).findFirst().orElse("");
        try {
            JsonNode report = JSON.readTree(json);
            if (report.path("exitCode").asInt(-1) != exitCode) faults.add("report: " + json);
            if (!report.path("components").isArray()) faults.add("no components: " + json);
        } catch (JacksonException broken) {
            faults.add("no report: " + written);
        }
        boolean isStart = cell.moment() == Moment.BUILDING;
        if (expected.isBlamed() && !written.contains(isStart ? "main" : "culprit")) {
            faults.add("does not name the culprit: " + written);
        }
        if (expected.isLocated() && !written.contains(" at " + CULPRITS_CODE)) {
            faults.add("does not name a line: " + written);
        }
    }

    private void comparePage(int exitCode) throws IOException {
        String page = Files.readString(errors);
        ExitCode code = codeOf(exitCode);
        String line = code == null ? "exit code" : code.meaning() + " (exit code " + exitCode;
        if (!page.contains(line)) faults.add("no page: " + page);
    }

    private static ExitCode codeOf(int exitCode) {
        for (ExitCode code : ExitCode.values()) if (code.code() == exitCode) return code;
        return null;
    }
}

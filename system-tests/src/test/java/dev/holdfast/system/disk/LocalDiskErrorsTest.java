package dev.holdfast.system.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.disk.CommitProcess.Place;
import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real process whose calls to the disk of its local log fail or take long, as strace makes them.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalDiskErrorsTest {
    private static final CommitSettings SETTINGS = new CommitSettings(20, 64, 64, 10);
    private static final CommitSettings BUCKET_FAR_BEHIND = new CommitSettings(60_000, 64, 512, 1);

    @TempDir Path folder;

    private final Acks acks = new Acks();
    private Place place;
    private Path trace;

    @BeforeEach
    void needStrace() throws IOException {
        Tools.assume("strace");
        Path real = folder.toRealPath();
        Path bucket = Files.createDirectories(real.resolve("bucket"));
        place = new Place(real.resolve("local"), bucket);
        trace = real.resolve("trace");
    }

    private Path segment(int number) {
        return place.local().resolve("segment-%020d.log".formatted(number));
    }

    /// What is done to a process: `injection`, in the words of strace, on its first segments up to
    /// `last`.
    private CommitProcess start(CommitSettings settings, String injection, int last)
            throws IOException {
        var strace = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", "" + trace));
        strace.addAll(List.of("-e", "trace=fsync,fdatasync,pwrite64", "-e", "inject=" + injection));
        for (int number = 1; number <= last; number++)
            strace.addAll(List.of("-P", "" + segment(number)));
        return CommitProcess.start(strace, place, settings, acks);
    }

    private List<String> traced() throws IOException {
        return Files.readAllLines(trace);
    }

    private void requireKeptAfterKill(CommitProcess process, CommitSettings settings)
            throws InterruptedException {
        process.kill();
        Judge.requireKept(place, settings, acks);
    }

    @Test
    @Tag("LOC-01")
    void shouldAbandonASegmentWhoseForceFailedOnce() throws Exception {
        try (var process = start(SETTINGS, "fdatasync:error=EIO:when=5", 1)) {
            process.await("the failure", () -> Files.exists(segment(2)));

            process.awaitBeyond(acks.lasts(), 20);

            requireKeptAfterKill(process, SETTINGS);
        }
        List<String> calls = traced();
        int failed = 0;
        while (!calls.get(failed).contains("(INJECTED)")) failed++;
        // neither written nor forced again, and what was in doubt is nobody's acknowledgement
        assertEquals(
                List.of(),
                calls.subList(failed + 1, calls.size()).stream()
                        .filter(call -> call.contains("("))
                        .toList());
    }

    @Test
    @Tag("LOC-01")
    void shouldRefuseCommitsAndGoOnLaterWhenTheNextSegmentFailsToo() throws Exception {
        try (var process = start(SETTINGS, "fdatasync:error=EIO:when=1+", 2)) {
            process.await("a refusal", () -> hasRefused(process, "read-only"));
            process.await("the next segment", () -> Files.exists(segment(3)));

            process.awaitBeyond(acks.lasts(), 20);

            requireKeptAfterKill(process, SETTINGS);
        }
    }

    private boolean hasDelayed() {
        try {
            return traced().stream().anyMatch(call -> call.contains("(DELAYED)"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean hasRefused(CommitProcess process, String why) {
        return process.said().stream()
                .anyMatch(line -> line.startsWith(CommitProgram.REFUSED) && line.contains(why));
    }

    @Test
    @Tag("LOC-06")
    void shouldGoOnInAnotherSegmentWhenAWriteFails() throws Exception {
        // the fourth: its room and its head are written by then
        try (var process = start(SETTINGS, "pwrite64:error=ENOSPC:when=4", 1)) {
            process.await("the next segment", () -> Files.exists(segment(2)));

            process.awaitBeyond(acks.lasts(), 20);

            requireKeptAfterKill(process, SETTINGS);
        }
        assertTrue(traced().toString().contains("(INJECTED)"), traced().toString());
    }

    @Test
    @Tag("LOC-06")
    void shouldRefuseReadAndResumeWhenSegmentsFindNoRoom() throws Exception {
        try (var process = start(SETTINGS, "pwrite64:error=ENOSPC:when=1+", 3)) {
            process.await("a refusal", () -> hasRefused(process, "No space left on device"));

            process.awaitBeyond(acks.lasts(), 20);

            requireKeptAfterKill(process, SETTINGS);
        }
    }

    @Test
    @Tag("LOC-07")
    void shouldLetTheBucketAnswerWhileAForceTakesLong() throws Exception {
        try (var process = start(SETTINGS, "fdatasync:delay_enter=13000000:when=2", 1)) {
            process.awaitOpen();
            process.awaitBeyond(acks.lasts(), 1);
            long slowest = 0;
            for (int i = 0; i < 30; i++) {
                long before = System.nanoTime();
                process.awaitBeyond(acks.lasts(), 1);
                slowest = Math.max(slowest, System.nanoTime() - before);
            }
            assertTrue(slowest < Duration.ofSeconds(10).toNanos(), "slowest: " + slowest);
            process.await("the end of the delay", this::hasDelayed);

            requireKeptAfterKill(process, SETTINGS);
        }
    }

    @Test
    @Tag("LOC-07")
    void shouldNotWaitLongerThanItsDeadlineWhileAForceTakesFiveSeconds() throws Exception {
        String slow = "fdatasync:delay_enter=5000000:when=2";
        try (var process = start(BUCKET_FAR_BEHIND, slow, 1)) {
            process.await("a deadline", () -> hasRefused(process, "not durable on this machine"));

            process.awaitBeyond(acks.lasts(), 20);

            requireKeptAfterKill(process, BUCKET_FAR_BEHIND);
        }
    }
}

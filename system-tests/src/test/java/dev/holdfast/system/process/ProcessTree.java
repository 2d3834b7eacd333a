package dev.holdfast.system.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A process and those that it has started, such as strace and what it traces.
///
/// Nothing of it holds a file or a lock once it was killed. A wait for the first of them alone does
/// not tell that: what strace traced ends after strace, and then has another parent.
public final class ProcessTree {
    private static final long POLL_NANOS = 5_000_000;
    private static final long PATIENCE_SECONDS = 120;

    private final List<ProcessHandle> all;

    private ProcessTree(List<ProcessHandle> all) {
        this.all = all;
    }

    /// All that runs now of what began with `first`.
    private static ProcessTree of(Process first) {
        return new ProcessTree(
                Stream.concat(first.descendants(), Stream.of(first.toHandle())).toList());
    }

    /// Ends at once what began with `first`, and waits until nothing of it is left.
    public static void kill(Process first) {
        ProcessTree tree = of(first);
        tree.all.forEach(ProcessHandle::destroyForcibly);
        try {
            tree.awaitEnd(first);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void awaitEnd(Process first) throws InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        if (!first.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
            throw new AssertionError("survives a kill");
        for (ProcessHandle each : all) {
            while (!hasEnded(each)) {
                if (giveUp - System.nanoTime() < 0)
                    throw new AssertionError("survives a kill: " + each.info());
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    // An orphan may stay in the list of processes for ever, if nobody asks how it ended. What it
    // held went with its last thread.
    private static boolean hasEnded(ProcessHandle process) {
        if (!process.isAlive()) return true;
        Path folder = Path.of("/proc/" + process.pid());
        try (Stream<Path> threads = Files.list(folder.resolve("task"))) {
            return threads.count() == 1 && isDead(Files.readString(folder.resolve("stat")));
        } catch (IOException gone) {
            return !process.isAlive();
        }
    }

    // `pid (name) state ...`, where a name may hold anything
    private static boolean isDead(String status) {
        return 0 <= "ZX".indexOf(status.charAt(status.lastIndexOf(')') + 2));
    }
}

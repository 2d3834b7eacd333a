package dev.holdfast.simulation.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// What many stories have shown together.
final class CrashTally {
    private static final int SHOWN_MAX = 5;
    private final Set<String> points = new HashSet<>();
    private final StringBuilder problems = new StringBuilder();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long fromNanos = System.nanoTime();
    private final long fromCpuNanos = THREADS.getCurrentThreadCpuTime();
    private long runs;
    private long failed;
    private long acknowledged;
    private long lostUnacknowledged;
    private long keptUnacknowledged;

    /// Every story counts as a run; as a point only the first time that its plan was told, and only
    /// if anything died or was lost in it.
    void add(CrashStory story, CrashPlan plan, String problem) {
        runs++;
        if (!plan.crashes().isEmpty()) points.add(story.name());
        acknowledged += story.book().acknowledgements();
        lostUnacknowledged += story.book().lostUnacknowledged();
        keptUnacknowledged += story.book().keptUnacknowledged();
        if (problem.isEmpty()) return;
        failed++;
        if (failed <= SHOWN_MAX) problems.append(story.name()).append(":\n").append(problem);
    }

    long points() {
        return points.size();
    }

    long acknowledged() {
        return acknowledged;
    }

    long failed() {
        return failed;
    }

    /// Runs in a second of one processor, so far: what others do on this machine does not count.
    long runsPerCpuSecond() {
        return perSecond(THREADS.getCurrentThreadCpuTime() - fromCpuNanos);
    }

    private long perSecond(long nanos) {
        return runs * 1_000_000_000L / Math.max(1, nanos);
    }

    /// Fails if anything went wrong, or if so little happened that nothing was shown.
    void assertAllIsWell() {
        System.out.println(this);
        assertEquals("", problems.toString());
        assertTrue(points() < acknowledged, "hardly anything was acknowledged");
        assertTrue(points() < 10 * lostUnacknowledged, "nobody died with work unfinished");
        assertTrue(points() < 10 * keptUnacknowledged, "nothing was stored but not acknowledged");
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "crash points: %,d enumerated in %,d runs, %,d a second (%,d a second of "
                        + "processor time); %,d acknowledged, "
                        + "unacknowledged %,d kept whole and %,d gone; %,d failed",
                points(),
                runs,
                perSecond(System.nanoTime() - fromNanos),
                runsPerCpuSecond(),
                acknowledged,
                keptUnacknowledged,
                lostUnacknowledged,
                failed);
    }
}

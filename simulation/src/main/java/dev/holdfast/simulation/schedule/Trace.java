package dev.holdfast.simulation.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What happened in a run, as one number, and if asked for as lines.
public final class Trace {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private long hash = FNV_OFFSET;
    private boolean isKept;
    private final List<Line> lines = new ArrayList<>();

    /// One event of a run.
    ///
    /// @param atNanos virtual time
    /// @param machine where it happened
    public record Line(long atNanos, String machine, String event) {
        @Override
        public String toString() {
            Duration at = Duration.ofNanos(atNanos);
            return "%6d.%09d  %-10s %s".formatted(at.toSeconds(), at.toNanosPart(), machine, event);
        }
    }

    /// Keeps lines from now on.
    public void keepLines() {
        isKept = true;
    }

    void event(long atNanos, String machine, String event) {
        for (int i = 0; i < event.length(); i++) mix(event.charAt(i));
        mix(atNanos);
        if (isKept) lines.add(new Line(atNanos, machine, event));
    }

    void turn(long atNanos, Strand strand) {
        mix(strand.number());
        if (isKept) {
            String event = "runs " + strand.number() + " " + strand.thread().getName();
            lines.add(new Line(atNanos, strand.machine().name(), event));
        }
    }

    private void mix(long value) {
        hash = (hash ^ value) * FNV_PRIME;
        hash ^= hash >>> 29;
    }

    /// Who ran when, and every event, as one number.
    public long hash() {
        return hash;
    }

    /// The events so far since [#keepLines].
    public List<Line> lines() {
        return List.copyOf(lines);
    }
}

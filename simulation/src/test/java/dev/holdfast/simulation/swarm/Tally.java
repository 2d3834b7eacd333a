package dev.holdfast.simulation.swarm;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What a batch of runs came to: a batch in which something never happened proves nothing about it.
final class Tally {
    /// What happens so often that a hundred runs meet it.
    static final List<String> OFTEN =
            List.of(
                    "conflict",
                    "durability not in time",
                    "memtables flushed on demand",
                    "nemesis: FREEZE",
                    "nemesis: FREEZE_AND_TAKE_OVER",
                    "nemesis: KILL",
                    "nemesis: OUTAGE",
                    "nemesis: STOP",
                    "nemesis: STOP_AND_KILL",
                    "nemesis: STOP_AT_ONCE",
                    "nemesis: TAKE_OVER",
                    "opener fenced",
                    "opening unavailable",
                    "reader looked",
                    "recovery with replay",
                    "stalled: no room",
                    "stop was CUT_SHORT",
                    "stop was IMMEDIATE",
                    "stop was NOT_PERSISTED",
                    "store: BIT_FLIP",
                    "store: BLACK_HOLE",
                    "store: BUSY",
                    "store: CONFLICT",
                    "store: DUPLICATED",
                    "store: INVISIBLE",
                    "store: LATE",
                    "store: NEVER_SENT",
                    "store: NO_ATTRIBUTES",
                    "store: OUTAGE",
                    "store: READS_FAIL",
                    "store: REPLY_LOST",
                    "store: RESET",
                    "store: SLOW",
                    "store: SLOW_DOWN",
                    "store: TRUNCATED",
                    "unavailable",
                    "writer fenced",
                    "zombie resumed");

    /// What only thousands of runs meet for certain.
    static final List<String> SELDOM =
            List.of(
                    "no room for a proof",
                    "reader failed",
                    "store: DUPLICATE_LIST",
                    "store: LIST_FAILS",
                    "store: STALE_LIST",
                    "store: WRITES_FAIL");

    private final Map<String, Long> seedsWith = new TreeMap<>();
    private long seeds;
    private long acknowledged;
    private Duration virtual = Duration.ZERO;

    synchronized void add(Verdict verdict) {
        seeds++;
        acknowledged += verdict.acknowledged();
        virtual = virtual.plus(verdict.virtual());
        verdict.counts().keySet().forEach(what -> seedsWith.merge(what, 1L, Long::sum));
    }

    synchronized long seeds() {
        return seeds;
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    synchronized Duration virtual() {
        return virtual;
    }

    /// What of `expected` no run met.
    synchronized String neverMet(List<String> expected) {
        return String.join(", ", expected.stream().filter(w -> !seedsWith.containsKey(w)).toList());
    }

    synchronized String line() {
        return String.format(
                Locale.ROOT,
                "%,d seeds, %,d writes acknowledged, %,d virtual minutes; seeds that met %s",
                seeds,
                acknowledged,
                virtual.toMinutes(),
                seedsWith);
    }
}

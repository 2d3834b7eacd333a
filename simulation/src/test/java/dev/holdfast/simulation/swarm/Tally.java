package dev.holdfast.simulation.swarm;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
                    "collected elsewhere",
                    "compacted",
                    "compacted elsewhere",
                    "no room for a proof",
                    "reader failed",
                    "store: DUPLICATE_LIST",
                    "store: LIST_FAILS",
                    "store: STALE_LIST",
                    "store: WRITES_FAIL");

    /// What comes of all that an engine offers, in dozens of runs.
    static final List<String> FEATURES =
            List.of(
                    "expiring row seen",
                    "ingest unavailable",
                    "ingested",
                    "merged",
                    "range deleted",
                    "reader followed",
                    "row expired",
                    "transaction committed");

    /// The same in thousands.
    static final List<String> FEATURES_SELDOM =
            List.of("follower failed", "follower waits", "part done by a worker");

    private final Map<String, Long> seedsWith = new TreeMap<>();
    private long seeds;
    private long acknowledged;
    private Duration virtual = Duration.ZERO;
    private Duration took = Duration.ZERO;

    synchronized void add(Verdict verdict) {
        seeds++;
        acknowledged += verdict.acknowledged();
        virtual = virtual.plus(verdict.virtual());
        verdict.counts().keySet().forEach(what -> seedsWith.merge(what, 1L, Long::sum));
    }

    /// Adds what a batch took of one thread's time.
    synchronized void took(Duration time) {
        took = took.plus(time);
    }

    /// The whole batch as one line, of the part that begins with seed `first`.
    synchronized String asPart(int first) {
        String met =
                seedsWith.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .collect(Collectors.joining(";"));
        return "%d;%d;%d;%s;%s;%s".formatted(first, seeds, acknowledged, virtual, took, met);
    }

    /// Adds such a line, and returns the seed that its part begins with.
    synchronized Integer addPart(String part) {
        String[] words = part.split(";");
        seeds += Long.parseLong(words[1]);
        acknowledged += Long.parseLong(words[2]);
        virtual = virtual.plus(Duration.parse(words[3]));
        took = took.plus(Duration.parse(words[4]));
        for (int i = 5; i < words.length; i++) {
            int end = words[i].lastIndexOf('=');
            long count = Long.parseLong(words[i].substring(end + 1));
            seedsWith.merge(words[i].substring(0, end), count, Long::sum);
        }
        return Integer.valueOf(words[0]);
    }

    synchronized Duration took() {
        return took;
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

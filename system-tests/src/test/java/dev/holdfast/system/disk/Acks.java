package dev.holdfast.system.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What a process has said about its commits, as far as it was heard: which number of which lane it
/// acknowledged, and at which place of the commit order. Outlives the process.
///
/// Thread-safe.
final class Acks {
    private final List<TreeMap<Integer, Long>> seqs = new ArrayList<>();

    Acks() {
        for (Lane _ : Lane.values()) seqs.add(new TreeMap<>());
    }

    synchronized void add(int lane, int number, long seq) {
        seqs.get(lane).put(number, seq);
    }

    /// A process ended: what it said of commits that no durability was waited for is worth nothing.
    synchronized void forgetUnawaited() {
        seqs.get(Lane.UNAWAITED.ordinal()).clear();
    }

    /// The last number that each lane has acknowledged.
    synchronized int[] lasts() {
        var last = new int[seqs.size()];
        for (int i = 0; i < last.length; i++)
            last[i] = seqs.get(i).isEmpty() ? 0 : seqs.get(i).lastKey();
        return last;
    }

    /// How many commits were acknowledged as local or remote.
    synchronized long durable() {
        long count = 0;
        for (Lane lane : Lane.values())
            if (lane != Lane.UNAWAITED) count += seqs.get(lane.ordinal()).size();
        return count;
    }

    /// What is wrong with a database whose lanes end with the numbers `found`, given that each lane
    /// of `promised` was acknowledged up to its number before. Empty if nothing is.
    synchronized String wrongWith(int[] found, int[] promised, Reach reach) {
        for (Lane lane : Lane.values()) {
            int at = lane.ordinal();
            if (reach.keeps(lane.durability()) && found[at] < promised[at])
                return "%s lost: acknowledged up to %d, found up to %d"
                        .formatted(lane, promised[at], found[at]);
        }
        return gapIn(found);
    }

    // A commit that is there, while an earlier one of another lane is not.
    private String gapIn(int[] found) {
        long lastThere = 0;
        for (Lane lane : Lane.values()) {
            Long seq = seqs.get(lane.ordinal()).get(found[lane.ordinal()]);
            if (seq != null) lastThere = Math.max(lastThere, seq);
        }
        for (Lane lane : Lane.values()) {
            var missing = seqs.get(lane.ordinal()).higherEntry(found[lane.ordinal()]);
            if (missing != null && missing.getValue() < lastThere)
                return "no prefix: commit %d is there, %s %d, which is commit %d, is not"
                        .formatted(lastThere, lane, missing.getKey(), missing.getValue());
        }
        return "";
    }
}

package dev.holdfast.lifecycle.plan;

import java.util.List;

/// Divides the time of a stop among its phases.
///
/// Invariants: every phase gets its floor (LIFE-29); what a phase leaves unused goes to the later
/// ones; no phase eats a later floor. Immutable.
public record Budget(List<Share> shares) {
    public Budget {
        shares = List.copyOf(shares);
    }

    /// What phase `index` gets when `leftNanos` of the whole are left at its entry.
    public long slice(int index, long leftNanos) {
        Share share = shares.get(index);
        long free = Math.max(0, leftNanos - floorsAfter(index));
        long weighed = (long) ((double) free * share.weight() / weightsFrom(index));
        long wanted = Math.min(share.capNanos(), Math.max(share.floorNanos(), weighed));
        return Math.max(0, Math.min(wanted, leftNanos));
    }

    /// What phase `index` could use beyond its slice without taking from a later floor.
    public long spare(int index, long leftNanos) {
        return Math.max(0, leftNanos - floorsAfter(index) - slice(index, leftNanos));
    }

    private long floorsAfter(int index) {
        long sum = 0;
        for (int i = index + 1; i < shares.size(); i++) sum += shares.get(i).floorNanos();
        return sum;
    }

    private int weightsFrom(int index) {
        int sum = 0;
        for (int i = index; i < shares.size(); i++) sum += shares.get(i).weight();
        return sum;
    }
}

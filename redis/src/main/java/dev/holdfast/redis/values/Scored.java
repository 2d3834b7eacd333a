package dev.holdfast.redis.values;

import dev.holdfast.base.Bytes;

/// A member of a sorted set and its score.
public record Scored(Bytes member, double score) implements Comparable<Scored> {
    /// By score, of which both zeros are one, then by member.
    @Override
    public int compareTo(Scored other) {
        if (score < other.score) return -1;
        return other.score < score ? 1 : member.compareTo(other.member);
    }
}

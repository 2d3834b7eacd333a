package dev.holdfast.redis.zsets;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import dev.holdfast.redis.values.RedisZset;
import dev.holdfast.redis.values.Scored;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Scores for members of the sorted set at a key, and which of them count: ZADD and ZINCRBY.
public record ScoreUpdate(Bytes key, EnumSet<Rule> rules, List<Scored> scores) {
    /// An option of ZADD.
    public enum Rule {
        /// Only members that are not there.
        NX,
        /// Only members that are there.
        XX,
        /// Of those that are there only to a greater score.
        GT,
        /// Of those that are there only to a lesser score.
        LT,
        /// Count also those that were there.
        CH,
        /// Add to the score.
        INCR;

        static @Nullable Rule of(Words words, int index) {
            for (Rule rule : values()) if (words.is(index, rule.name())) return rule;
            return null;
        }
    }

    /// Throws if `rules` contradict each other, or `words` are no scores and members.
    static void check(EnumSet<Rule> rules, int words) {
        if (words == 0 || words % 2 != 0) throw new RespError(RespError.SYNTAX);
        if (rules.containsAll(EnumSet.of(Rule.NX, Rule.XX)))
            throw new RespError("ERR XX and NX options at the same time are not compatible");
        EnumSet<Rule> sides = EnumSet.of(Rule.NX, Rule.GT, Rule.LT);
        sides.retainAll(rules);
        if (1 < sides.size())
            throw new RespError(
                    "ERR GT, LT, and/or NX options at the same time are not compatible");
        if (rules.contains(Rule.INCR) && 2 < words)
            throw new RespError("ERR INCR option supports a single increment-element pair");
    }

    /// Sets the scores that count, and tells how many members are new.
    public Reply run(Keyspace keyspace) {
        RedisZset zset = RedisZset.at(keyspace, key);
        long before = zset.count();
        long changed = 0;
        Double last = null;
        for (Scored given : scores) {
            Double old = zset.score(given.member());
            Double score = scoreOf(given, old);
            if (score == null) continue;
            last = score;
            if (old != null && old.doubleValue() == score) continue;
            zset.put(given.member(), score, old);
            changed++;
        }
        boolean isStep = rules.contains(Rule.INCR);
        if (0 < changed) {
            zset.save();
            keyspace.event(EventKind.ZSET, isStep ? "zincr" : "zadd", key);
        }
        if (isStep) return last == null ? Reply.NULL : Reply.real(last);
        return Reply.integer(rules.contains(Rule.CH) ? changed : zset.count() - before);
    }

    // Null if the member is left as it is.
    private @Nullable Double scoreOf(Scored given, @Nullable Double old) {
        if (old == null) return rules.contains(Rule.XX) ? null : (Double) given.score();
        if (rules.contains(Rule.NX)) return null;
        double score = rules.contains(Rule.INCR) ? given.score() + old : given.score();
        if (Double.isNaN(score)) throw new RespError("ERR resulting score is not a number (NaN)");
        boolean isRefused =
                rules.contains(Rule.GT) && score <= old || rules.contains(Rule.LT) && old <= score;
        return isRefused ? null : (Double) score;
    }
}

package dev.holdfast.redis.zsets;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.values.HashedMembers;
import dev.holdfast.redis.values.Merge;
import dev.holdfast.redis.values.RedisSet;
import dev.holdfast.redis.values.RedisZset;
import dev.holdfast.redis.values.Scored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Several sets with or without scores, and how one is made of them. Belongs to one run.
final class Combination {
    private final Call call;
    private final List<Source> sources = new ArrayList<>();
    private Aggregate aggregate = Aggregate.SUM;
    private boolean hasScores;
    private long limit;

    private Combination(Call call) {
        this.call = call;
    }

    /// What is made of the sets.
    enum Operation {
        UNION,
        INTERSECTION,
        DIFFERENCE
    }

    /// What for.
    enum Purpose {
        SHOWN,
        STORED,
        COUNTED
    }

    /// How two scores of one member become one.
    private enum Aggregate {
        SUM,
        MIN,
        MAX;

        // Of infinities that cancel each other nothing remains, as in Redis.
        double of(double one, double other) {
            return switch (this) {
                case SUM -> Double.isNaN(one + other) ? 0 : one + other;
                case MIN -> other < one ? other : one;
                case MAX -> one < other ? other : one;
            };
        }
    }

    /// The words of such a call, of which the number of keys stands at `at`. The options are read
    /// only when the types of the keys are known, as in Redis.
    record Call(Words words, int at, Operation operation, Purpose purpose) {
        Call {
            long count = words.integer(at);
            if (count < 1)
                throw new RespError(
                        "ERR at least 1 input key is needed for '"
                                + words.all().getFirst().toUtf8().toLowerCase(Locale.ROOT)
                                + "' command");
            if (words.count() - at - 1 < count) throw new RespError(RespError.SYNTAX);
        }

        /// The combination of what is at the keys.
        Combination on(Keyspace keyspace) {
            var combination = new Combination(this);
            int count = (int) words.integer(at);
            for (Bytes key : words.keys(at + 1).subList(0, count))
                combination.sources.add(Source.at(keyspace, key));
            combination.read(words.options(at + 1 + count));
            return combination;
        }
    }

    /// One of the sets.
    private static final class Source {
        private final HashedMembers members;
        private final long count;
        private double weight = 1;

        private Source(HashedMembers members, long count) {
            this.members = members;
            this.count = count;
        }

        static Source at(Keyspace keyspace, Bytes key) {
            Meta meta = keyspace.reading().find(key);
            if (meta != null && meta.type() == KeyType.SET) {
                RedisSet set = RedisSet.at(keyspace, key);
                return new Source(set.members(), set.count());
            }
            RedisZset zset = RedisZset.at(keyspace.quiet(), key);
            return new Source(zset.members(), zset.count());
        }

        double weighted(Bytes value) {
            double score = weight * (value.isEmpty() ? 1 : RedisZset.scoreIn(value));
            return Double.isNaN(score) ? 0 : score;
        }
    }

    boolean hasScores() {
        return hasScores;
    }

    /// How many are to be counted; 0 for all.
    long limit() {
        return limit;
    }

    private void read(Options options) {
        boolean hasWeights =
                call.operation != Operation.DIFFERENCE && call.purpose != Purpose.COUNTED;
        while (options.more()) {
            int left = options.left() - 1;
            String keyword = options.keyword();
            if (hasWeights && keyword.equals("WEIGHTS") && sources.size() <= left)
                for (Source source : sources)
                    source.weight =
                            Numbers.real(options.bytes(), "ERR weight value is not a float");
            else if (hasWeights && keyword.equals("AGGREGATE") && 1 <= left)
                aggregate = aggregate(options);
            else if (call.purpose == Purpose.SHOWN && keyword.equals("WITHSCORES"))
                hasScores = true;
            else if (call.purpose == Purpose.COUNTED && keyword.equals("LIMIT") && 1 <= left) {
                limit = options.integer("ERR LIMIT can't be negative");
                if (limit < 0) throw new RespError("ERR LIMIT can't be negative");
            } else throw options.unexpected();
        }
    }

    private static Aggregate aggregate(Options options) {
        String word = options.keyword();
        for (Aggregate each : Aggregate.values()) if (each.name().equals(word)) return each;
        throw options.unexpected();
    }

    /// Shows what comes out to `visitor`, in no order, until it has had enough.
    void visit(Predicate<Scored> visitor) {
        List<Source> ordered = new ArrayList<>(sources);
        // The least first: in this order scores are added, which decides how they are rounded.
        if (call.operation != Operation.DIFFERENCE)
            ordered.sort(Comparator.comparingLong(source -> source.count));
        Merge.Visitor each =
                (name, values) -> visitor.test(new Scored(name, score(ordered, values)));
        List<HashedMembers> members = ordered.stream().map(source -> source.members).toList();
        switch (call.operation) {
            case UNION -> Merge.union(members, each);
            case INTERSECTION -> Merge.intersection(members, each);
            case DIFFERENCE -> Merge.difference(members, each);
        }
    }

    private double score(List<Source> ordered, @Nullable Bytes[] values) {
        Double score = null;
        for (int i = 0; i < values.length; i++) {
            Bytes value = values[i];
            if (value == null) continue;
            double next = ordered.get(i).weighted(value);
            score = score == null ? next : aggregate.of(score, next);
        }
        return score == null ? 0 : score;
    }
}

package dev.holdfast.redis.zsets;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.listing.Listing;
import dev.holdfast.redis.listing.ListingCommand;
import dev.holdfast.redis.listing.Shape;
import dev.holdfast.redis.values.Form;
import dev.holdfast.redis.values.RedisZset;
import dev.holdfast.redis.values.Scored;
import java.util.ArrayList;
import java.util.List;

/// The calls that show a range of a sorted set, or keep it.
final class ZsetRanges {
    private ZsetRanges() {}

    /// `ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]`: the
    /// members in the range.
    static Command zrange(Words words) {
        return shown(words, RangeCall.Form.ANY);
    }

    /// `ZREVRANGE key start stop [WITHSCORES]`: the members of these ranks, greatest first.
    static Command zrevrange(Words words) {
        return shown(words, RangeCall.Form.REVERSED_RANKS);
    }

    /// `ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]`: the members whose score is in
    /// the range.
    static Command zrangebyscore(Words words) {
        return shown(words, RangeCall.Form.SCORES);
    }

    /// `ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]`: the same, greatest first.
    static Command zrevrangebyscore(Words words) {
        return shown(words, RangeCall.Form.REVERSED_SCORES);
    }

    /// `ZRANGEBYLEX key min max [LIMIT offset count]`: the members in the range.
    static Command zrangebylex(Words words) {
        return shown(words, RangeCall.Form.MEMBERS);
    }

    /// `ZREVRANGEBYLEX key max min [LIMIT offset count]`: the same, greatest first.
    static Command zrevrangebylex(Words words) {
        return shown(words, RangeCall.Form.REVERSED_MEMBERS);
    }

    /// `ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]`: keeps what
    /// ZRANGE would show.
    static Command zrangestore(Words words) {
        Bytes destination = words.key(0);
        RangeCall call = RangeCall.parse(words, 1, RangeCall.Form.STORED);
        return keyspace -> store(keyspace, destination, call);
    }

    private static Reply store(Keyspace keyspace, Bytes destination, RangeCall call) {
        List<Scored> found = new ArrayList<>();
        call.visit(
                call.zset(keyspace.reading()),
                each -> {
                    keyspace.hold(Reply.HELD_BYTES + each.member().length());
                    return found.add(asPacked(each, found.size()));
                });
        found.sort(null);
        RedisZset.store(keyspace, destination, found, "zrangestore");
        return Reply.integer(found.size());
    }

    // What Redis stores begins packed and grows member by member, and what is packed knows no minus
    // zero.
    private static Scored asPacked(Scored each, int before) {
        boolean isPacked =
                before < Form.PACKED_COUNT_MAX && each.member().length() <= Form.PACKED_BYTES_MAX;
        return isPacked ? new Scored(each.member(), each.score() + 0.0) : each;
    }

    private static Command shown(Words words, RangeCall.Form form) {
        RangeCall call = RangeCall.parse(words, 0, form);
        return (ListingCommand)
                keyspace -> {
                    RedisZset zset = call.zset(keyspace);
                    boolean isTwofold = call.showsScores();
                    return Listing.of(
                            isTwofold ? Shape.COUPLES : Shape.ARRAY,
                            () -> call.count(zset) * (isTwofold ? 2 : 1),
                            visitor -> call.visit(zset, each -> take(visitor, call, each)));
                };
    }

    private static boolean take(Listing.Visitor visitor, RangeCall call, Scored each) {
        boolean takesMore = visitor.take(Reply.bulk(each.member()));
        return takesMore && (!call.showsScores() || visitor.take(Reply.real(each.score())));
    }
}

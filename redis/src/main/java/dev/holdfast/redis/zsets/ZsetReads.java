package dev.holdfast.redis.zsets;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.members.Draw;
import dev.holdfast.redis.members.ScanCall;
import dev.holdfast.redis.resp.ReplyWriter;
import dev.holdfast.redis.values.Form;
import dev.holdfast.redis.values.RedisZset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The calls that look at one sorted set, but for ranges.
final class ZsetReads {
    // Up to here Redis keeps an integral score of a packed set as an integer.
    private static final double INTEGER_MAX = 0x1p62;

    private ZsetReads() {}

    /// `ZCARD key`: how many members there are.
    static Command zcard(Words words) {
        Bytes key = words.key(0);
        return keyspace -> Reply.integer(RedisZset.at(keyspace, key).count());
    }

    /// `ZSCORE key member`: the score of the member.
    static Command zscore(Words words) {
        Bytes key = words.key(0);
        Bytes member = words.bytes(1);
        return keyspace -> shown(RedisZset.at(keyspace, key).score(member));
    }

    /// `ZMSCORE key member [member ...]`: the scores of the members.
    static Command zmscore(Words words) {
        Bytes key = words.key(0);
        List<Bytes> members = words.keys(1);
        return keyspace -> {
            RedisZset zset = RedisZset.at(keyspace, key);
            return Reply.array(members.stream().map(zset::score).map(ZsetReads::shown).toList());
        };
    }

    /// `ZCOUNT key min max`: how many members have a score in the range.
    static Command zcount(Words words) {
        return count(words, Places.byScore(words.bytes(1), words.bytes(2)));
    }

    /// `ZLEXCOUNT key min max`: how many members lie in the range.
    static Command zlexcount(Words words) {
        return count(words, Places.byLex(words.bytes(1), words.bytes(2)));
    }

    private static Command count(Words words, Places places) {
        Bytes key = words.key(0);
        return keyspace -> {
            RedisZset zset = RedisZset.at(keyspace, key);
            return Reply.integer(zset.exists() ? zset.count(places.in(zset)) : 0);
        };
    }

    /// `ZRANK key member`: how many members stand before the member.
    static Command zrank(Words words) {
        Bytes key = words.key(0);
        Bytes member = words.bytes(1);
        return keyspace -> {
            Long rank = RedisZset.at(keyspace, key).rank(member);
            return rank == null ? Reply.NULL : Reply.integer(rank);
        };
    }

    /// `ZREVRANK key member`: how many members stand behind the member.
    static Command zrevrank(Words words) {
        Bytes key = words.key(0);
        Bytes member = words.bytes(1);
        return keyspace -> {
            RedisZset zset = RedisZset.at(keyspace, key);
            Long rank = zset.rank(member);
            return rank == null ? Reply.NULL : Reply.integer(zset.count() - 1 - rank);
        };
    }

    /// `ZRANDMEMBER key [count [WITHSCORES]]`: members drawn at random.
    static Command zrandmember(Words words) {
        Draw draw =
                Draw.parse(
                        words,
                        "WITHSCORES",
                        member -> Reply.real(RedisZset.scoreIn(member.value())));
        return keyspace -> {
            RedisZset zset = RedisZset.at(keyspace, draw.key());
            return draw.reply(zset.members(), zset.count());
        };
    }

    /// `ZSCAN key cursor [MATCH pattern] [COUNT count]`: some members, and the cursor to go on
    /// with.
    static Command zscan(Words words) {
        Bytes key = words.key(0);
        long cursor = ScanCall.cursor(words.text(1));
        return keyspace -> {
            RedisZset zset = RedisZset.at(keyspace, key);
            Form form = zset.form();
            return ScanCall.reply(
                    cursor,
                    words,
                    zset.exists() ? form : null,
                    zset.members(),
                    (member, found) -> {
                        found.add(Reply.bulk(member.name()));
                        double score = RedisZset.scoreIn(member.value());
                        found.add(Reply.bulk(textOf(score, form)));
                    });
        };
    }

    private static String textOf(double score, Form form) {
        boolean isInteger = score == Math.rint(score) && Math.abs(score) < INTEGER_MAX;
        return form == Form.PACKED && isInteger
                ? Long.toString((long) score)
                : ReplyWriter.textOf(score);
    }

    private static Reply shown(@Nullable Double score) {
        return score == null ? Reply.NULL : Reply.real(score);
    }
}

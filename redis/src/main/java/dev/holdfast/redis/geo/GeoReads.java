package dev.holdfast.redis.geo;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.members.LongDouble;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.values.RedisZset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The calls that look at places one by one.
final class GeoReads {
    private static final String DIGITS = "0123456789bcdefghjkmnpqrstuvwxyz";
    private static final int HASH_DIGITS = 11;
    private static final int DIGIT_BITS = 5;

    private GeoReads() {}

    /// `GEOPOS key [member ...]`: where the members are.
    static Command geopos(Words words) {
        Bytes key = words.key(0);
        List<Bytes> members = words.keys(1);
        return keyspace -> {
            RedisZset zset = RedisZset.at(keyspace, key);
            return Reply.array(
                    members.stream()
                            .map(member -> place(zset, member))
                            .map(place -> place == null ? Reply.NULL_ARRAY : shown(place))
                            .toList());
        };
    }

    /// `GEOHASH key [member ...]`: where the members are, as geohash.org writes it.
    static Command geohash(Words words) {
        Bytes key = words.key(0);
        List<Bytes> members = words.keys(1);
        return keyspace -> {
            RedisZset zset = RedisZset.at(keyspace, key);
            return Reply.array(
                    members.stream()
                            .map(member -> place(zset, member))
                            .map(place -> place == null ? Reply.NULL : Reply.bulk(hash(place)))
                            .toList());
        };
    }

    /// `GEODIST key member1 member2 [unit]`: how far two members are from each other.
    static Command geodist(Words words) {
        if (4 < words.count()) throw new RespError(RespError.SYNTAX);
        Bytes key = words.key(0);
        double unit = words.count() == 4 ? GeoUnit.meters(words, 3) : 1;
        return keyspace -> {
            RedisZset zset = RedisZset.at(keyspace, key);
            Place one = place(zset, words.bytes(1));
            Place other = place(zset, words.bytes(2));
            return one == null || other == null
                    ? Reply.NULL
                    : Reply.bulk(GeoUnit.text(one.metersTo(other) / unit));
        };
    }

    /// Where `member` is; null if it is not there.
    static @Nullable Place place(RedisZset zset, Bytes member) {
        Double score = zset.score(member);
        return score == null ? null : GeoCell.ofScore(score).area().center();
    }

    /// Both coordinates.
    static Reply shown(Place place) {
        return Reply.array(
                Reply.decimal(LongDouble.of(place.longitude()).toString()),
                Reply.decimal(LongDouble.of(place.latitude()).toString()));
    }

    // Its latitudes go up to the poles. There are bits for ten digits: the last one is always 0.
    private static String hash(Place place) {
        long bits = GeoCell.of(place, GeoCell.STEPS_MAX, 90).bits();
        var text = new StringBuilder();
        for (int i = 1; i < HASH_DIGITS; i++)
            text.append(DIGITS.charAt((int) (bits >> (52 - i * DIGIT_BITS) & 31)));
        return text.append('0').toString();
    }
}

package dev.holdfast.redis.zsets;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.values.RedisZset;
import dev.holdfast.redis.values.Scored;
import dev.holdfast.redis.zsets.Combination.Operation;
import dev.holdfast.redis.zsets.Combination.Purpose;
import java.util.ArrayList;
import java.util.List;

/// The calls that make one sorted set of several sets.
final class ZsetAlgebra {
    private ZsetAlgebra() {}

    /// `ZUNION numkeys key [key ...] [options]`: what is in any of the sets.
    static Command zunion(Words words) {
        return shown(words, Operation.UNION);
    }

    /// `ZINTER numkeys key [key ...] [options]`: what is in all of the sets.
    static Command zinter(Words words) {
        return shown(words, Operation.INTERSECTION);
    }

    /// `ZDIFF numkeys key [key ...] [WITHSCORES]`: what is in the first set and in no other.
    static Command zdiff(Words words) {
        return shown(words, Operation.DIFFERENCE);
    }

    /// `ZUNIONSTORE destination numkeys key [key ...] [options]`: keeps what ZUNION would show.
    static Command zunionstore(Words words) {
        return stored(words, Operation.UNION, "zunionstore");
    }

    /// `ZINTERSTORE destination numkeys key [key ...] [options]`: keeps what ZINTER would show.
    static Command zinterstore(Words words) {
        return stored(words, Operation.INTERSECTION, "zinterstore");
    }

    /// `ZDIFFSTORE destination numkeys key [key ...]`: keeps what ZDIFF would show.
    static Command zdiffstore(Words words) {
        return stored(words, Operation.DIFFERENCE, "zdiffstore");
    }

    /// `ZINTERCARD numkeys key [key ...] [LIMIT limit]`: how many are in all of the sets.
    static Command zintercard(Words words) {
        var call = new Combination.Call(words, 0, Operation.INTERSECTION, Purpose.COUNTED);
        return keyspace -> {
            Combination combination = call.on(keyspace);
            long[] found = {0};
            combination.visit(_ -> ++found[0] != combination.limit());
            return Reply.integer(found[0]);
        };
    }

    private static Command shown(Words words, Operation operation) {
        var call = new Combination.Call(words, 0, operation, Purpose.SHOWN);
        return keyspace -> {
            Combination combination = call.on(keyspace);
            List<Reply> replies = new ArrayList<>();
            for (Scored each : sorted(keyspace, combination)) {
                replies.add(Reply.bulk(each.member()));
                if (combination.hasScores()) replies.add(Reply.real(each.score()));
            }
            return combination.hasScores() ? Reply.couples(replies) : Reply.array(replies);
        };
    }

    private static Command stored(Words words, Operation operation, String event) {
        Bytes destination = words.key(0);
        var call = new Combination.Call(words, 1, operation, Purpose.STORED);
        return keyspace -> {
            List<Scored> found = sorted(keyspace, call.on(keyspace));
            RedisZset.store(keyspace, destination, found, event);
            return Reply.integer(found.size());
        };
    }

    private static List<Scored> sorted(Keyspace keyspace, Combination combination) {
        List<Scored> found = new ArrayList<>();
        combination.visit(each -> {
            keyspace.hold(2 * Reply.HELD_BYTES + each.member().length());
            return found.add(each);
        });
        found.sort(null);
        return found;
    }
}

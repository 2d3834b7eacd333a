package dev.holdfast.redis.zsets;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.WaitingCommand;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.values.Scored;
import dev.holdfast.redis.zsets.ZsetPops.PopCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `BZPOPMIN`, `BZPOPMAX` and `BZMPOP`: take members out of the first sorted set that there is, and
/// wait if there is none.
public final class WaitingPops {
    /// All of them.
    public static final List<Syntax> ALL =
            List.of(
                    Syntax.write("BZMPOP", -5, WaitingPops::parseMany)
                            .flags(Flag.BLOCKING)
                            .keys(KeySpec.counted(2, "RW", "access", "delete"))
                            .docs(
                                    Group.SORTED_SET,
                                    "7.0.0",
                                    "O(K) + O(M*log(N)) where K is the number of provided keys, N"
                                            + " being the number of elements in the sorted set, and"
                                            + " M being the number of elements popped.",
                                    "Remove and return members with scores in a sorted set or block"
                                            + " until one is available",
                                    "timeout numkeys key [key ...] MIN | MAX [COUNT count]"),
                    single("BZPOPMAX", Order.DESCENDING, "highest"),
                    single("BZPOPMIN", Order.ASCENDING, "lowest"));

    private WaitingPops() {}

    /// Takes one member.
    private record One(List<Bytes> keys, Order order, long millis) implements WaitingCommand {
        @Override
        public @Nullable Reply attempt(Keyspace keyspace) {
            for (Bytes key : keys) {
                Reply popped = pop(keyspace, key);
                if (popped != null) return popped;
            }
            return null;
        }

        @Override
        public @Nullable Reply serve(Keyspace keyspace, Bytes key) {
            return isZset(keyspace, key) ? pop(keyspace, key) : null;
        }

        @Override
        public Patience patience() {
            return new Patience(keys, millis);
        }

        private @Nullable Reply pop(Keyspace keyspace, Bytes key) {
            List<Scored> popped = ZsetPops.pop(keyspace, key, order, 1);
            if (popped.isEmpty()) return null;
            Scored scored = popped.getFirst();
            return Reply.array(
                    Reply.bulk(key), Reply.bulk(scored.member()), Reply.real(scored.score()));
        }
    }

    /// Takes several members.
    private record Many(PopCall call, long millis) implements WaitingCommand {
        @Override
        public @Nullable Reply attempt(Keyspace keyspace) {
            return call.run(keyspace);
        }

        @Override
        public @Nullable Reply serve(Keyspace keyspace, Bytes key) {
            if (!isZset(keyspace, key)) return null;
            return new PopCall(List.of(key), call.order(), call.count()).run(keyspace);
        }

        @Override
        public Patience patience() {
            return new Patience(call.keys(), millis);
        }
    }

    private static Syntax single(String name, Order order, String which) {
        return Syntax.write(name, -3, words -> parseOne(words, order))
                .flags(Flag.NOSCRIPT, Flag.FAST, Flag.BLOCKING)
                .keys(KeySpec.range(1, -2, 1, "RW", "access", "delete"))
                .docs(
                        Group.SORTED_SET,
                        "5.0.0",
                        "O(log(N)) with N being the number of elements in the sorted set.",
                        "Remove and return the member with the "
                                + which
                                + " score from one or more sorted sets, or block until one is"
                                + " available",
                        "key [key ...] timeout");
    }

    private static One parseOne(Words words, Order order) {
        long millis = WaitingCommand.timeoutMillis(words.bytes(words.count() - 1));
        List<Bytes> keys = words.keys(0).subList(0, words.count() - 1);
        return new One(List.copyOf(keys), order, millis);
    }

    private static Many parseMany(Words words) {
        PopCall call = PopCall.parse(words, 1);
        return new Many(call, WaitingCommand.timeoutMillis(words.bytes(0)));
    }

    private static boolean isZset(Keyspace keyspace, Bytes key) {
        Meta meta = keyspace.find(key);
        return meta != null && meta.type() == KeyType.ZSET;
    }
}

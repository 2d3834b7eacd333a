package dev.holdfast.redis.lists;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.List;

/// `LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]`: where an element stands.
///
/// @param rank which match is the first to count, from the tail if negative
/// @param matches how many to tell, 0 for all; [#ONE] where that was not said, which also answers
///   in another form
/// @param looksMax how many elements are looked at; 0 for all
record Position(Bytes key, Bytes element, long rank, long matches, long looksMax)
        implements Command {
    static final Syntax SYNTAX =
            Syntax.read("LPOS", -3, Position::parse)
                    .keys(KeySpec.one("RO", "access"))
                    .docs(
                            Group.LIST,
                            "6.0.6",
                            "O(N) where N is the number of elements in the list, for the average"
                                    + " case. When searching for elements near the head or the"
                                    + " tail of the list, or when the MAXLEN option is provided,"
                                    + " the command may run in constant time.",
                            "Return the index of matching elements on a list",
                            "key element [RANK rank] [COUNT num-matches] [MAXLEN len]");

    private static final long ONE = -1;

    private static Position parse(Words words) {
        long rank = 1;
        long matches = ONE;
        long looksMax = 0;
        for (Options options = words.options(2); options.more(); ) {
            switch (options.keyword()) {
                case "RANK" -> rank = rank(options);
                case "COUNT" -> matches = atLeastZero(options, "ERR COUNT can't be negative");
                case "MAXLEN" -> looksMax = atLeastZero(options, "ERR MAXLEN can't be negative");
                default -> throw options.unexpected();
            }
        }
        return new Position(words.key(0), words.bytes(1), rank, matches, looksMax);
    }

    private static long rank(Options options) {
        long rank = options.integer();
        if (rank == 0)
            throw new RespError(
                    "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second"
                            + " ... or use negative to start from the end of the list");
        return rank;
    }

    private static long atLeastZero(Options options, String complaint) {
        long value = options.integer(complaint);
        if (value < 0) throw new RespError(complaint);
        return value;
    }

    @Override
    public Reply run(Keyspace keyspace) {
        RedisList list = RedisList.at(keyspace, key);
        List<Reply> found = new ArrayList<>();
        // Redis counts from the lowest rank in a way that never comes to an end.
        boolean isEndless = matches == 0 || matches != ONE && rank == Long.MIN_VALUE;
        long most = matches == ONE ? 1 : isEndless ? Long.MAX_VALUE : matches;
        long skip = rank == Long.MIN_VALUE ? 0 : Math.abs(rank) - 1;
        try (RedisList.Walk walk = list.walk(rank < 0 ? End.TAIL : End.HEAD)) {
            long looks = looksMax == 0 ? Long.MAX_VALUE : looksMax;
            for (long i = 0; i < looks && found.size() < most && walk.next(); i++) {
                if (!walk.value().equals(element) || 0 < skip--) continue;
                found.add(Reply.integer(rank < 0 ? list.count() - 1 - i : i));
            }
        }
        if (matches != ONE) return Reply.array(found);
        return found.isEmpty() ? Reply.NULL : found.getFirst();
    }
}

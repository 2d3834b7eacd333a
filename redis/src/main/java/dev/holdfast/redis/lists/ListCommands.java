package dev.holdfast.redis.lists;

import dev.holdfast.redis.command.Syntax;
import java.util.List;

/// The commands on lists, in the order of the alphabet.
public final class ListCommands {
    /// All of them.
    public static final List<Syntax> ALL =
            List.of(
                    Transfer.BLMOVE,
                    MultiPop.BLMPOP,
                    WaitingPop.BLPOP,
                    WaitingPop.BRPOP,
                    Transfer.BRPOPLPUSH,
                    Look.LINDEX,
                    Change.LINSERT,
                    Look.LLEN,
                    Transfer.LMOVE,
                    MultiPop.LMPOP,
                    Pop.LPOP,
                    Position.SYNTAX,
                    Push.LPUSH,
                    Push.LPUSHX,
                    Look.LRANGE,
                    Change.LREM,
                    Change.LSET,
                    Change.LTRIM,
                    Pop.RPOP,
                    Transfer.RPOPLPUSH,
                    Push.RPUSH,
                    Push.RPUSHX);

    private ListCommands() {}
}

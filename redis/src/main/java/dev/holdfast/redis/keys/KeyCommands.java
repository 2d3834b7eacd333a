package dev.holdfast.redis.keys;

import dev.holdfast.redis.command.Syntax;
import java.util.List;

/// The commands on keys and databases, in the order of the alphabet.
public final class KeyCommands {
    /// All of them.
    public static final List<Syntax> ALL =
            List.of(
                    Copy.SYNTAX,
                    DbSize.SYNTAX,
                    Delete.DEL,
                    Count.EXISTS,
                    Expire.EXPIRE,
                    Expire.EXPIREAT,
                    TimeToLive.EXPIRETIME,
                    Flush.FLUSHALL,
                    Flush.FLUSHDB,
                    Keys.SYNTAX,
                    MemoryCommands.SYNTAX,
                    Move.SYNTAX,
                    ObjectCommands.SYNTAX,
                    Persist.SYNTAX,
                    Expire.PEXPIRE,
                    Expire.PEXPIREAT,
                    TimeToLive.PEXPIRETIME,
                    TimeToLive.PTTL,
                    RandomKey.SYNTAX,
                    Rename.RENAME,
                    Rename.RENAMENX,
                    ScanKeys.SYNTAX,
                    SwapDb.SYNTAX,
                    Count.TOUCH,
                    TimeToLive.TTL,
                    Type.SYNTAX,
                    Delete.UNLINK);

    private KeyCommands() {}
}

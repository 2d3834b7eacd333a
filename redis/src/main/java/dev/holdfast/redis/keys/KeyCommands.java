package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keyspace.Keyspace;
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

    /// The subcommand of MEMORY that is on a key.
    public static final Syntax MEMORY_USAGE = MemoryUsage.SYNTAX;

    private KeyCommands() {}

    /// How Redis would lay out the value at `key`, in its word for it. The key must exist.
    public static String encoding(Keyspace keyspace, Bytes key) {
        return ObjectCommands.wordOf(keyspace, key);
    }
}

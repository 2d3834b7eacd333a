package dev.holdfast.redis.streams;

import dev.holdfast.redis.command.Syntax;
import java.util.List;

/// The commands on streams, in the order of the alphabet.
public final class StreamCommands {
    /// All of them.
    public static final List<Syntax> ALL =
            List.of(
                    Acks.XACK,
                    Add.SYNTAX,
                    Claims.XAUTOCLAIM,
                    Claims.XCLAIM,
                    Shorten.XDEL,
                    Groups.SYNTAX,
                    StreamPages.SYNTAX,
                    Entries.XLEN,
                    Acks.XPENDING,
                    Entries.XRANGE,
                    Read.SYNTAX,
                    ReadGroup.SYNTAX,
                    Entries.XREVRANGE,
                    Shorten.XSETID,
                    Shorten.XTRIM);

    private StreamCommands() {}
}

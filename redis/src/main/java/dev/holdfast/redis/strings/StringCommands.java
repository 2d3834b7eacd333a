package dev.holdfast.redis.strings;

import dev.holdfast.redis.command.Syntax;
import java.util.List;

/// The commands on strings, in the order of the alphabet.
public final class StringCommands {
    /// All of them.
    public static final List<Syntax> ALL =
            List.of(
                    Append.SYNTAX,
                    Increment.DECR,
                    Increment.DECRBY,
                    Get.SYNTAX,
                    GetDel.SYNTAX,
                    GetEx.SYNTAX,
                    GetRange.SYNTAX,
                    GetSet.SYNTAX,
                    Increment.INCR,
                    Increment.INCRBY,
                    IncrByFloat.SYNTAX,
                    Lcs.SYNTAX,
                    MGet.SYNTAX,
                    MSet.MSET,
                    MSet.MSETNX,
                    Set.PSETEX,
                    Set.SET,
                    Set.SETEX,
                    Set.SETNX,
                    SetRange.SYNTAX,
                    StrLen.SYNTAX,
                    GetRange.SUBSTR);

    private StringCommands() {}
}

package dev.holdfast.redis.transfer;

import dev.holdfast.redis.command.Syntax;
import java.util.List;

/// The commands that take a value out in the form of Redis's snapshots, and put it in again.
public final class TransferCommands {
    /// All of them.
    public static final List<Syntax> ALL =
            List.of(Dump.SYNTAX, Restore.SYNTAX, Restore.ASKING_SYNTAX);

    private TransferCommands() {}
}

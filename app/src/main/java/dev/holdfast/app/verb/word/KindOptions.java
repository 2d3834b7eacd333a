package dev.holdfast.app.verb.word;

import dev.holdfast.app.console.Escapes;
import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.base.Bytes;
import picocli.CommandLine.Option;

/// What keys mean: those that Redis clients see, or those of the database itself.
public final class KindOptions {
    /// What keys mean.
    enum Kind {
        redis,
        kv
    }

    @Option(
            names = "--as",
            paramLabel = "redis|kv",
            defaultValue = "redis",
            description =
                    "redis: the keys that Redis clients see; kv: the keys of the database"
                            + " itself (default: ${DEFAULT-VALUE}).")
    private Kind kind = Kind.redis;

    @Option(
            names = "--db",
            paramLabel = "N",
            defaultValue = "0",
            description = "Which Redis database, 0 to 15 (default: ${DEFAULT-VALUE}).")
    private int database;

    /// True if they are those that Redis clients see.
    public boolean isRedis() {
        return kind == Kind.redis;
    }

    /// Which Redis database.
    public int database() {
        if (database < 0 || 15 < database)
            throw new Failure(ExitStatus.USAGE, "--db goes from 0 to 15: " + database);
        return database;
    }

    /// The bytes that a person typed, with escapes as `scan` prints them.
    public static Bytes typed(String what, String text) {
        try {
            return Escapes.read(text);
        } catch (IllegalArgumentException malformed) {
            throw new Failure(ExitStatus.USAGE, what + " " + malformed.getMessage());
        }
    }

    /// Like [#typed], for keys, which cannot be empty.
    public static Bytes typedKey(String text) {
        Bytes key = typed("key:", text);
        if (key.isEmpty()) throw new Failure(ExitStatus.USAGE, "the key is empty");
        return key;
    }
}

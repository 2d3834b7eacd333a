package dev.holdfast.redis.transfer;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What `MIGRATE` is asked for.
///
/// @param login the words of AUTH behind its name; empty if there are none
record MigrateCall(Target target, List<Bytes> keys, Set<Choice> choices, List<Bytes> login) {
    private static final long MILLIS_USUAL = 1000;
    private static final long MILLIS_MAX = 86_400_000;

    /// Where to.
    record Target(String host, int port, long database, Duration patience) {}

    /// What may be chosen.
    enum Choice {
        /// The keys stay here, too.
        COPY,
        /// What is there gives way.
        REPLACE
    }

    /// Reads `host port key|"" database timeout [COPY] [REPLACE] [AUTH password] [AUTH2 username
    /// password] [KEYS key [key ...]]`.
    static MigrateCall of(Words words) {
        Set<Choice> choices = EnumSet.noneOf(Choice.class);
        List<Bytes> login = List.of();
        List<Bytes> keys = List.of(words.bytes(2));
        for (Options options = words.options(5); options.more(); ) {
            switch (options.keyword()) {
                case "COPY" -> choices.add(Choice.COPY);
                case "REPLACE" -> choices.add(Choice.REPLACE);
                case "AUTH" -> login = List.of(options.bytes());
                case "AUTH2" -> login = List.of(options.bytes(), options.bytes());
                case "KEYS" -> {
                    if (!words.bytes(2).isEmpty())
                        throw new RespError(
                                "ERR When using MIGRATE KEYS option, the key argument must be set"
                                        + " to the empty string");
                    keys = words.keys(words.count() - options.left());
                    options.skip(options.left());
                }
                default -> throw options.unexpected();
            }
        }
        return new MigrateCall(target(words), keys, choices, login);
    }

    private static Target target(Words words) {
        long millis = words.integer(4);
        long database = words.integer(3);
        long port = Numbers.integer(words.bytes(1), RespError.NOT_AN_INTEGER);
        if (port < 0 || 65_535 < port) throw new RespError("ERR Invalid port");
        long bounded = millis <= 0 ? MILLIS_USUAL : Math.min(MILLIS_MAX, millis);
        return new Target(words.text(0), (int) port, database, Duration.ofMillis(bounded));
    }
}

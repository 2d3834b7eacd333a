package dev.holdfast.redis.server;

import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.resp.RespError;
import java.util.function.Predicate;

/// Which clients a CLIENT KILL is meant for: those that meet every condition. Not thread-safe.
final class KillFilter {
    private final Predicate<String> isUser;
    private Predicate<Session> wanted = _ -> true;
    private boolean sparesCaller = true;

    /// @param isUser tells whether there is a user of a name
    KillFilter(Predicate<String> isUser) {
        this.isUser = isUser;
    }

    /// Adds one condition, a word and its value.
    void add(Options options) {
        switch (options.keyword()) {
            case "ID" -> {
                long id = options.integer("ERR client-id should be greater than 0");
                if (id < 1) throw new RespError("ERR client-id should be greater than 0");
                also(session -> session.id() == id);
            }
            case "ADDR" -> {
                String address = options.bytes().toUtf8();
                also(session -> session.peer().remoteAddress().equals(address));
            }
            case "LADDR" -> {
                String address = options.bytes().toUtf8();
                also(session -> session.peer().localAddress().equals(address));
            }
            case "TYPE" -> also(ClientTypes.of(options.bytes().toUtf8()));
            case "USER" -> {
                String user = options.bytes().toUtf8();
                if (!isUser.test(user))
                    throw new RespError("ERR No such user '" + RespError.preview(user) + "'");
                also(session -> session.user().equals(user));
            }
            case "SKIPME" -> sparesCaller = isYes(options);
            default -> throw options.unexpected();
        }
    }

    /// True if `session` is meant when `caller` kills.
    boolean wants(Session session, Session caller) {
        return wanted.test(session) && !(sparesCaller && session == caller);
    }

    private void also(Predicate<Session> condition) {
        wanted = wanted.and(condition);
    }

    private static boolean isYes(Options options) {
        return switch (options.keyword()) {
            case "YES" -> true;
            case "NO" -> false;
            default -> throw options.unexpected();
        };
    }
}

package dev.holdfast.redis.server;

import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.resp.RespError;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// The kinds of clients that filters may name. There are normal ones here, and subscribers.
final class ClientTypes {
    private static final List<String> NOBODY = List.of("master", "replica", "slave");

    private ClientTypes() {}

    /// Which sessions are of `type`; an error for what is no type.
    static Predicate<Session> of(String type) {
        String small = type.toLowerCase(Locale.ROOT);
        if (small.equals("normal")) return session -> !session.subscriptions().any();
        if (small.equals("pubsub")) return session -> session.subscriptions().any();
        if (NOBODY.contains(small)) return _ -> false;
        throw new RespError("ERR Unknown client type '" + RespError.preview(type) + "'");
    }
}

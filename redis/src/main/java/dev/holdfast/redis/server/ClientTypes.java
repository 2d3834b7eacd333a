package dev.holdfast.redis.server;

import dev.holdfast.redis.resp.RespError;
import java.util.List;
import java.util.Locale;

/// The kinds of clients that filters may name. All that there are here are normal ones.
final class ClientTypes {
    private static final List<String> OTHERS = List.of("master", "replica", "slave", "pubsub");

    private ClientTypes() {}

    /// True for `normal`; an error for what is no type.
    static boolean isNormal(String type) {
        String small = type.toLowerCase(Locale.ROOT);
        if (small.equals("normal")) return true;
        if (OTHERS.contains(small)) return false;
        throw new RespError("ERR Unknown client type '" + RespError.preview(type) + "'");
    }
}

package dev.holdfast.redis.command;

import java.util.Locale;

/// A property of a command as COMMAND shows it.
public enum Flag {
    WRITE,
    READONLY,
    DENYOOM,
    MODULE,
    ADMIN,
    PUBSUB,
    NOSCRIPT,
    BLOCKING,
    LOADING,
    STALE,
    SKIP_MONITOR,
    SKIP_SLOWLOG,
    ASKING,
    FAST,
    /// It may be called before AUTH.
    NO_AUTH,
    MAY_REPLICATE,
    NO_MANDATORY_KEYS,
    NO_ASYNC_LOADING,
    NO_MULTI,
    MOVABLEKEYS,
    ALLOW_BUSY;

    /// The name that COMMAND shows.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

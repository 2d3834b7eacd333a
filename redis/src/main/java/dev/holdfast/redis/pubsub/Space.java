package dev.holdfast.redis.pubsub;

import dev.holdfast.base.Bytes;
import java.util.Locale;

/// A space of names that clients subscribe to.
enum Space {
    /// Channels by their whole name.
    CHANNEL("SUBSCRIBE", "message"),
    /// Patterns of names of channels.
    PATTERN("PSUBSCRIBE", "pmessage"),
    /// Channels of a shard, which know of no patterns.
    SHARD("SSUBSCRIBE", "smessage");

    private final String joinName;
    private final Bytes joined;
    private final Bytes left;
    private final Bytes message;

    Space(String joinName, String message) {
        this.joinName = joinName;
        this.joined = Bytes.utf8(joinName.toLowerCase(Locale.ROOT));
        this.left = Bytes.utf8(leaveName().toLowerCase(Locale.ROOT));
        this.message = Bytes.utf8(message);
    }

    /// The command that joins.
    String joinName() {
        return joinName;
    }

    /// The command that leaves.
    String leaveName() {
        return joinName.replace("SUBSCRIBE", "UNSUBSCRIBE");
    }

    /// How it is told that a client has joined.
    Bytes joined() {
        return joined;
    }

    /// How it is told that a client has left.
    Bytes left() {
        return left;
    }

    /// How a message is told.
    Bytes message() {
        return message;
    }
}

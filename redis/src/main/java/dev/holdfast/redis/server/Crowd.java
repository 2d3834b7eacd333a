package dev.holdfast.redis.server;

import dev.holdfast.redis.tracking.Tracking;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// The clients, and how many there are of those who do something out of the ordinary.
///
/// @param blocked how many wait for keys
/// @param tracked what is remembered for those who keep copies of keys
public record Crowd(
        Clients clients,
        IntSupplier blocked,
        Subscribed subscribed,
        Supplier<Tracking.Figures> tracked) {
    /// How many names have subscribers.
    public record Subscribed(
            IntSupplier channels, IntSupplier patterns, IntSupplier shardChannels) {}

    /// Clients of whom none can do anything out of the ordinary.
    public static Crowd of(Clients clients) {
        var nothing = new Subscribed(() -> 0, () -> 0, () -> 0);
        return new Crowd(clients, () -> 0, nothing, () -> new Tracking.Figures(0, 0, 0, 0));
    }
}

package dev.holdfast.redis.server;

import java.util.function.IntSupplier;

/// The clients, and how many there are of those who do something out of the ordinary.
///
/// @param blocked how many wait for keys
/// @param channels how many channels have subscribers
/// @param patterns how many patterns have subscribers
public record Crowd(
        Clients clients, IntSupplier blocked, IntSupplier channels, IntSupplier patterns) {
    /// Clients of whom none can do anything out of the ordinary.
    public static Crowd of(Clients clients) {
        return new Crowd(clients, () -> 0, () -> 0, () -> 0);
    }
}

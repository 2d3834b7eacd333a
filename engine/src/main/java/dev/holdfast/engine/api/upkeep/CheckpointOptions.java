package dev.holdfast.engine.api.upkeep;

import static dev.holdfast.base.Checks.require;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a checkpoint is to be.
///
/// ```java
/// var hour = CheckpointOptions.lasting(Duration.ofHours(1)).named("before the migration");
/// ```
///
/// @param lifetime how long it lasts; null for as long as nobody deletes it
/// @param name what people call it; need not be unique
/// @param id what it is known by; null for a fresh one. Give one to be able to repeat a call whose
///   outcome was not learned: a checkpoint that is there is not made again
/// @param source the checkpoint whose moment it takes; null for the newest moment
public record CheckpointOptions(
        @Nullable Duration lifetime,
        @Nullable String name,
        @Nullable UUID id,
        @Nullable UUID source) {
    private static final Duration LIFETIME_MAX = Duration.ofDays(36_500);

    public CheckpointOptions {
        require(
                lifetime == null || 0 < lifetime.toSeconds(),
                "a checkpoint lasts a second at least: %s",
                lifetime);
        require(
                lifetime == null || lifetime.compareTo(LIFETIME_MAX) <= 0,
                "lifetime too long: %s",
                lifetime);
    }

    /// One that stays until it is deleted.
    public static CheckpointOptions lasting() {
        return new CheckpointOptions(null, null, null, null);
    }

    /// One that ends by itself after `lifetime`, unless it is refreshed.
    public static CheckpointOptions lasting(Duration lifetime) {
        return new CheckpointOptions(lifetime, null, null, null);
    }

    /// The same under a name.
    public CheckpointOptions named(String name) {
        return new CheckpointOptions(lifetime, name, id, source);
    }

    /// The same known by `id`.
    public CheckpointOptions withId(UUID id) {
        return new CheckpointOptions(lifetime, name, id, source);
    }

    /// The same of the moment of another checkpoint.
    public CheckpointOptions from(UUID source) {
        return new CheckpointOptions(lifetime, name, id, source);
    }
}

package dev.holdfast.system.disk;

import dev.holdfast.engine.api.Durability;

/// What of a machine is left to open a database from.
enum Reach {
    /// Its disk and its bucket.
    DISK_AND_BUCKET(Durability.LOCAL),
    /// Its bucket alone.
    BUCKET_ALONE(Durability.REMOTE);

    private final Durability least;

    Reach(Durability least) {
        this.least = least;
    }

    /// Whether a write that was acknowledged at `durability` must be there.
    boolean keeps(Durability durability) {
        return least.compareTo(durability) <= 0;
    }
}

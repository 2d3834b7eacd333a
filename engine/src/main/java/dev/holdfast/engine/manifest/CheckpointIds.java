package dev.holdfast.engine.manifest;

import dev.holdfast.base.Env;
import java.util.UUID;

/// What checkpoints are known by: UUIDs of version 4, as the format wants them.
public final class CheckpointIds {
    private CheckpointIds() {}

    /// One that nobody has.
    public static UUID fresh(Env env) {
        long version4 = (env.randomLong() & ~0xf000L) | 0x4000L;
        long variant = (env.randomLong() >>> 2) | 0x8000000000000000L;
        return new UUID(version4, variant);
    }
}

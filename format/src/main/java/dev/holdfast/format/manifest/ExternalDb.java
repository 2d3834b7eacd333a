package dev.holdfast.format.manifest;

import dev.holdfast.base.Ulid;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Another database whose SSTs this one reads, because it was cloned from it.
public record ExternalDb(
        String path, UUID sourceCheckpointId, @Nullable UUID finalCheckpointId, List<Ulid> sstIds) {
    public ExternalDb {
        sstIds = List.copyOf(sstIds);
    }
}

package dev.holdfast.engine.api.upkeep;

import java.util.List;
import java.util.UUID;

/// How far a clone stands on its own now.
///
/// ```java
/// DetachReport report = Engine.clones(store).detach("trial", Clones.GRACE);
/// if (!report.isDetached()) System.out.println("checkpoints hold on: " + report.heldBy());
/// ```
///
/// @param tablesCopied tables that were brought over by this call
/// @param bytesCopied how large they were
/// @param released the databases that keep nothing for it any more
/// @param heldBy checkpoints of the clone whose moments still need other databases: repeat the call
///   once they have ended
public record DetachReport(
        int tablesCopied, long bytesCopied, List<String> released, List<UUID> heldBy) {
    public DetachReport {
        released = List.copyOf(released);
        heldBy = List.copyOf(heldBy);
    }

    /// True if it needs no other database any more.
    public boolean isDetached() {
        return heldBy.isEmpty();
    }
}

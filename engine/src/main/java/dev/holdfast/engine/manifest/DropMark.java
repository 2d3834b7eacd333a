package dev.holdfast.engine.manifest;

import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Stage;
import java.util.List;
import java.util.UUID;

/// What tells from a manifest whether its database may be used: whole, a clone in the making, or
/// one that is being dropped.
///
/// The form has no word for a drop. It is said with words that it has, so that no engine opens what
/// is left: the stage of a clone that is not finished, no tables, and a checkpoint of a known id.
public final class DropMark {
    private static final UUID ID = UUID.fromString("0d20bb1e-d0d0-4d20-8d20-0d20bb1ed0d0");
    private static final String NAME = "being dropped";

    private DropMark() {}

    /// True if the database is being dropped.
    public static boolean isOn(Manifest manifest) {
        return manifest.stage() == Stage.CLONING
                && manifest.checkpoints().stream().anyMatch(each -> each.id().equals(ID));
    }

    /// What `latest` becomes once the database is being dropped: it names nothing but the databases
    /// that keep something for it, and its writer and compactor are fenced.
    public static Manifest on(ManifestVersion latest, long nowSeconds) {
        Manifest manifest = latest.manifest();
        var mark = new Checkpoint(ID, latest.id() + 1, 0, nowSeconds, NAME);
        return Manifest.initial()
                .but()
                .stage(Stage.CLONING)
                .writerEpoch(manifest.writerEpoch() + 1)
                .compactorEpoch(manifest.compactorEpoch() + 1)
                .replayAfterWalId(manifest.walIdLastSeen())
                .walIdLastSeen(manifest.walIdLastSeen())
                .lastL0Seq(manifest.lastL0Seq())
                .externalDbs(manifest.externalDbs())
                .checkpoints(List.of(mark))
                .build();
    }

    /// Throws `Invalid` unless the database is whole.
    public static void requireReady(ManifestVersion version) {
        requireReady(version.manifest());
    }

    /// The same for a manifest whose number does not matter.
    public static void requireReady(Manifest manifest) {
        if (manifest.stage() == Stage.READY) return;
        throw new Invalid(
                isOn(manifest)
                        ? "the database is being dropped: finish it with `drop`"
                        : "a clone that is not finished: repeat `clone`, or `drop` it",
                null);
    }
}

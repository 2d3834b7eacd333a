package dev.holdfast.engine.copy;

import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.upkeep.DetachReport;
import dev.holdfast.engine.manifest.Editor;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.table.TableTransfer;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.ExternalDb;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Makes one clone stand on its own.
///
/// ```
/// foreign tables are copied -> the manifest says that they lie here
///    -> the others keep them for a while only -> the manifest forgets the others
/// ```
///
/// Invariant: another database is let go only after every manifest of the clone that anybody may
/// open names nothing there, and it is forgotten only after it was let go. Not thread-safe.
final class Detacher {
    private final String path;
    private final Duration grace;
    private final Place place;
    private final ManifestStore manifests;

    Detacher(String path, Duration grace, Place place) {
        this.path = path;
        this.grace = grace;
        this.place = place;
        manifests = place.manifests(path);
    }

    DetachReport detach() throws InterruptedException {
        ManifestVersion before = place.newest(path);
        var copying = new Copying();
        copying.bringHome(before.manifest());
        ManifestVersion home = publish(before, new CloneEdits.BroughtHome(copying.ids));
        Set<UUID> needed = new HashSet<>();
        List<UUID> heldBy = new ArrayList<>();
        for (Checkpoint each : home.manifest().checkpoints()) {
            Set<UUID> holds = holdsNeededBy(each);
            if (!holds.isEmpty()) heldBy.add(each.id());
            needed.addAll(holds);
        }
        Set<UUID> over = new HashSet<>();
        List<String> released = new ArrayList<>();
        for (ExternalDb each : home.manifest().externalDbs()) {
            if (!each.sstIds().isEmpty() || needed.contains(Attachment.hold(each))) continue;
            Parents.release(each, grace, place);
            over.add(Attachment.hold(each));
            released.add(TablePaths.rootOf(each));
        }
        publish(home, new CloneEdits.LetGo(over));
        return new DetachReport(copying.tables, copying.bytes, released, heldBy);
    }

    private ManifestVersion publish(ManifestVersion known, ManifestEdit edit)
            throws InterruptedException {
        return manifests.publish(known, edit, new Editor.Guest(), place.patience());
    }

    // By which checkpoints in other databases the moment of `checkpoint` lives.
    private Set<UUID> holdsNeededBy(Checkpoint checkpoint) {
        ManifestVersion version = manifests.at(checkpoint.manifestId());
        if (version == null)
            throw new Unavailable(
                    "a checkpoint's manifest is not shown. manifest=`%d`"
                            .formatted(checkpoint.manifestId()),
                    null);
        Manifest then = version.manifest();
        Set<Ulid> named =
                Projection.tables(then).map(view -> view.sst().id()).collect(Collectors.toSet());
        return then.externalDbs().stream()
                .filter(each -> each.sstIds().stream().anyMatch(named::contains))
                .map(Attachment::hold)
                .collect(Collectors.toSet());
    }

    /// The tables that are brought home.
    private final class Copying {
        private final Set<Ulid> ids = new HashSet<>();
        private int tables;
        private long bytes;

        void bringHome(Manifest manifest) {
            var transfer = new TableTransfer(place.store(), place.store(), place.sealing());
            TablePaths from = TablePaths.of(path, manifest);
            TablePaths own = TablePaths.of(path);
            for (SstView each : Projection.tables(manifest).toList()) {
                Ulid id = each.sst().id();
                if (from.name(id).equals(own.name(id)) || !ids.add(id)) continue;
                if (place.token().isStopping()) throw new Unavailable("stopped", null);
                long copied = transfer.bring(from.name(id), own.name(id), each);
                if (0 < copied) tables++;
                bytes += copied;
            }
        }
    }
}

package dev.holdfast.engine.copy;

import dev.holdfast.base.Deadline;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.DropReport;
import dev.holdfast.engine.api.upkeep.DropReport.Progress;
import dev.holdfast.engine.api.upkeep.DropRules;
import dev.holdfast.engine.board.BoardNames;
import dev.holdfast.engine.manifest.Editor;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.engine.note.IngestNotes;
import dev.holdfast.engine.owner.OwnerNames;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.format.manifest.ExternalDb;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Drops one database.
///
/// ```
/// the manifest says so -> others give up what they keep for it -> all objects but manifests
///    -> manifests, the newest last
/// ```
///
/// Invariant: until the last object is gone the newest manifest says that the database is being
/// dropped, so that it is never opened with less than all of it. Not thread-safe.
final class Dropper {
    private static final String CLOCKS = "gc/";

    private final String path;
    private final DropRules rules;
    private final Place place;
    private final ManifestStore manifests;
    private final Deadline deadline;
    private long removed;

    Dropper(String path, DropRules rules, Place place) {
        this.path = path;
        this.rules = rules;
        this.place = place;
        manifests = place.manifests(path);
        deadline = Deadline.after(place.env(), rules.budget());
    }

    DropReport drop() throws InterruptedException {
        ManifestVersion newest = manifests.latest();
        if (newest != null) {
            ManifestVersion marked =
                    manifests.publish(newest, mark(), new Editor.Guest(), place.patience());
            for (ExternalDb each : marked.manifest().externalDbs())
                Parents.release(each, Duration.ZERO, place);
        }
        boolean isSwept = sweepAll();
        if (newest == null && isSwept && removed == 0)
            throw new Invalid("no database here. path=`" + path + "`", null);
        return new DropReport(removed, isSwept ? Progress.DONE : Progress.UNFINISHED);
    }

    private ManifestEdit mark() {
        long now = place.nowSeconds();
        return switch (rules.dependents()) {
            case REFUSE -> new CloneEdits.DroppedIfFree(now);
            case GIVE_UP -> new CloneEdits.Dropped(now);
        };
    }

    private boolean sweepAll() {
        place.store().removeUnfinished(prefix(), place.env().currentTimeMillis());
        var board = new BoardNames(path);
        Predicate<String> isPaper = name -> board.jobOf(name) != null || board.isPresence(name);
        return sweepFolder(TablePaths.of(path).prefix())
                && sweepFolder(NumberedNames.wals(path).prefix())
                && sweepFolder(NumberedNames.compactions(path).prefix())
                && sweep(board.prefix(), isPaper)
                && sweepFolder(IngestNotes.prefix(path))
                && sweepFolder(new OwnerNames(path).prefix())
                && sweepFolder(prefix() + CLOCKS)
                && sweepManifests();
    }

    private String prefix() {
        return path.isEmpty() ? "" : path + "/";
    }

    // Another database may lie further in, under a path that begins alike.
    private boolean sweepFolder(String folder) {
        return sweep(folder, name -> name.indexOf('/', folder.length()) < 0);
    }

    // False if the time was up.
    private boolean sweep(String folder, Predicate<String> isOwn) {
        String position = null;
        while (true) {
            List<ObjectMeta> page =
                    place.store().list(folder, position, ObjectStore.LIST_LIMIT_MAX);
            for (ObjectMeta object : page) {
                if (isOver()) return false;
                position = object.name();
                if (isOwn.test(position)) remove(position);
            }
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) return true;
        }
    }

    private boolean isOver() {
        return deadline.isExpired() || place.token().isStopping();
    }

    private void remove(String name) {
        place.store().delete(name);
        removed++;
    }

    // By names, not by the listing alone: the newest may not show there yet.
    private boolean sweepManifests() {
        NumberedNames names = NumberedNames.manifests(path);
        ManifestVersion newest = manifests.latest();
        String last = newest == null ? "" : names.name(newest.id());
        List<String> later = new ArrayList<>();
        boolean isSwept =
                sweep(
                        names.prefix(),
                        name -> {
                            boolean isOwn = 0 < names.id(name);
                            if (isOwn && last.compareTo(name) <= 0) later.add(name);
                            return isOwn && name.compareTo(last) < 0;
                        });
        if (!isSwept) return false;
        if (newest != null && !later.contains(last)) later.addFirst(last);
        later.reversed().forEach(this::remove);
        return true;
    }
}

package dev.holdfast.engine.change;

import dev.holdfast.engine.api.ChangeStream.Position;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.engine.wal.WalListing;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.List;

/// Where the log in the store begins, and where it ends, as of one look.
final class LogEnds {
    private final Place place;
    private final Token token;
    private final ManifestVersion newest;
    private final NumberedNames names;

    LogEnds(Place place, Token token, ManifestVersion newest) {
        this.place = place;
        this.token = token;
        this.newest = newest;
        names = NumberedNames.wals(place.root());
    }

    /// The place behind everything that is there.
    Position end() throws InterruptedException {
        var manifests = new ManifestStore(place.store(), place.root(), place.env());
        var seen = WalListing.newest(manifests, newest, place.store(), place.root());
        long covered = seen.log().after();
        long last = seen.log().last();
        long seq = seen.manifest().manifest().lastL0Seq();
        for (long id = last; covered < id; id--) {
            List<LogObject.Commit> commits = commitsIn(id);
            if (commits.isEmpty()) continue;
            seq = Math.max(seq, commits.getLast().seq());
            break;
        }
        return new Position(last + 1, seq);
    }

    /// The place before the oldest commit from which on no object is missing. Fences are never
    /// collected, so there may be older ones with holes in between.
    Position begin() throws InterruptedException {
        long covered = newest.manifest().replayAfterWalId();
        long first = 0;
        long last = 0;
        String position = null;
        while (true) {
            List<ObjectMeta> page =
                    place.store().list(names.prefix(), position, ObjectStore.LIST_LIMIT_MAX);
            for (ObjectMeta object : page) {
                position = object.name();
                long id = names.id(position);
                if (id <= 0) continue;
                if (id != last + 1 || first == 0) first = id;
                last = id;
            }
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) break;
        }
        if (last < covered || first == 0)
            return new Position(covered + 1, newest.manifest().lastL0Seq());
        for (long id = first; id <= last; id++) {
            List<LogObject.Commit> commits = commitsIn(id);
            if (!commits.isEmpty()) return new Position(id, commits.getFirst().seq() - 1);
        }
        return new Position(last + 1, newest.manifest().lastL0Seq());
    }

    private List<LogObject.Commit> commitsIn(long id) throws InterruptedException {
        return LogObject.commitsIn(id, place, token);
    }
}

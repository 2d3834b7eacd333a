package dev.holdfast.engine.copy;

import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.CloneReport;
import dev.holdfast.engine.api.upkeep.CloneSource;
import dev.holdfast.engine.api.upkeep.Clones;
import dev.holdfast.engine.api.upkeep.DetachReport;
import dev.holdfast.engine.api.upkeep.DropReport;
import dev.holdfast.engine.api.upkeep.DropRules;
import dev.holdfast.objectstore.api.ObjectNames;
import java.time.Duration;
import java.util.List;

/// The clones of one store as their callers see them. Thread-safe.
public final class StoreClones implements Clones {
    private final Place place;

    public StoreClones(Place place) {
        this.place = place;
    }

    @Override
    public CloneReport create(String path, List<CloneSource> sources) {
        requirePath(path);
        sources.forEach(each -> requirePath(each.path()));
        return Asked.of("a clone", () -> new CloneMaker(path, sources, place).make());
    }

    @Override
    public DetachReport detach(String path, Duration grace) {
        requirePath(path);
        return Asked.of("a detachment", () -> new Detacher(path, grace, place).detach());
    }

    @Override
    public DropReport drop(String path, DropRules rules) {
        requirePath(path);
        return Asked.of("a drop", () -> new Dropper(path, rules, place).drop());
    }

    private static void requirePath(String path) {
        if (!path.isEmpty() && !ObjectNames.isValid(path))
            throw new Invalid("not a path in a store. path=`" + path + "`", null);
    }
}

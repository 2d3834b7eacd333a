package dev.holdfast.engine.table;

import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.filter.FilterChoice;
import dev.holdfast.engine.memory.MemoryBudget;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Opens the tables of one database. Thread-safe; opening does no I/O.
public final class TableStore {
    private final ObjectStore store;
    private final TablePaths paths;
    private final TablesAtHand atHand;
    private final BlockCache cache;
    private final Sealing sealing;
    private final Env env;
    private final FilterChoice filters;

    public TableStore(
            ObjectStore store, TablePaths paths, BlockCache cache, Sealing sealing, Env env) {
        this.store = store;
        this.paths = paths;
        this.cache = cache;
        this.sealing = sealing;
        this.env = env;
        atHand = TablesAtHand.NONE;
        filters = FilterChoice.USUAL;
    }

    private TableStore(
            TableStore like, TablePaths paths, TablesAtHand atHand, FilterChoice filters) {
        store = like.store;
        this.paths = paths;
        cache = like.cache;
        sealing = like.sealing;
        env = like.env;
        this.atHand = atHand;
        this.filters = filters;
    }

    /// The same with copies on this machine, which come first.
    public TableStore with(TablesAtHand atHand) {
        return new TableStore(this, paths, atHand, filters);
    }

    /// The same that knows those filters.
    public TableStore with(FilterChoice filters) {
        return new TableStore(this, paths, atHand, filters);
    }

    /// The same for the tables of `manifest`, which may lie elsewhere than they did.
    public TableStore of(Manifest manifest) {
        TablePaths now = TablePaths.of(paths.root(), manifest);
        return now.equals(paths) ? this : new TableStore(this, now, atHand, filters);
    }

    /// The table that the manifest tells of.
    public SstReader open(SstView view) {
        StoredForm.requireLibrary(view.sst().properties().codec());
        Ulid id = view.sst().id();
        var object = new TableObject(store, paths.name(id), id, atHand, env);
        return new SstReader(view, object, cache, new SstReader.Form(sealing.table(id), filters));
    }

    /// The tables that the manifest tells of, in the same order. Those among `known` are taken from
    /// there, with what is in memory of them.
    public List<SstReader> open(List<SstView> views, Iterable<SstReader> known) {
        Map<SstView, SstReader> byView = new HashMap<>();
        for (SstReader table : known)
            if (table.isAt(paths.name(table.id()))) byView.put(table.view(), table);
        return views.stream()
                .map(view -> byView.containsKey(view) ? byView.get(view) : open(view))
                .toList();
    }

    /// The sorted run that the manifest tells of.
    public RunReader open(SortedRun run, Iterable<SstReader> known) {
        return new RunReader(run.id(), open(run.ssts(), known));
    }

    /// The memory that tables are read into.
    public MemoryBudget memory() {
        return cache.memory();
    }

    /// The name of the table's object.
    public String nameOf(Ulid id) {
        return paths.name(id);
    }
}

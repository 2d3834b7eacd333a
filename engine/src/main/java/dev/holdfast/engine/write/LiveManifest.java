package dev.holdfast.engine.write;

import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.engine.table.TableFill;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.engine.tier.LocalTable;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.view.ViewHolder;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.lifecycle.wait.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// The manifest as this writer last saw it, and the view that follows from it.
///
/// Invariants:
/// 1. The manifest only moves to a later id.
/// 2. A view shows a row in a memtable or in a table, never in neither: memtables go out and tables
///    come in by one step.
/// 3. Tables that lie on the local disk alone are shown over whatever manifest is the latest, as
///    its newest L0 tables, until a manifest has their commits.
///
/// Thread-safe: the flusher publishes, the poller looks.
public final class LiveManifest {
    private final ManifestStore store;
    private final TableStore tables;
    private final ViewHolder views;
    private final long epoch;
    private final ReentrantLock installing = new ReentrantLock(); // never held over I/O
    private volatile ManifestVersion current;
    private volatile List<LocalTable> unpublished = List.of(); // written under `installing`
    private final List<SstReader> expected = new ArrayList<>(); // guarded by `installing`
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /// @param current the manifest that made this writer the writer
    public LiveManifest(
            ManifestStore store, TableStore tables, ViewHolder views, ManifestVersion current) {
        this.store = store;
        this.tables = tables;
        this.views = views;
        this.current = current;
        epoch = current.manifest().writerEpoch();
        views.update(view -> over(view, current, List.of()));
    }

    /// The manifest last seen.
    public ManifestVersion current() {
        return current;
    }

    /// The epoch of this writer.
    public long epoch() {
        return epoch;
    }

    /// How often another was faster to publish the next manifest.
    public long conflicts() {
        return store.conflicts();
    }

    /// Has `listener` called after every change. It must be quick.
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// Shows `version`, which another part of this process has published. Throws `Closed` if a
    /// newer writer has come.
    public void learn(ManifestVersion version) {
        store.requireNotFenced(version, epoch);
        install(version);
    }

    /// A reader for a table that a manifest to come may name: it is shown then.
    public SstReader expect(SstView table) {
        SstReader reader = tables.of(current.manifest()).open(table);
        installing.lock();
        try {
            expected.add(reader);
        } finally {
            installing.unlock();
        }
        return reader;
    }

    /// No manifest to come names those of `readers` that are not shown: what is in memory of them
    /// goes.
    public void letGo(List<SstReader> readers) {
        installing.lock();
        try {
            expected.removeAll(readers);
        } finally {
            installing.unlock();
        }
        List<SstReader> shown = shownTables().toList();
        for (SstReader reader : readers) if (!shown.contains(reader)) reader.forget();
    }

    private Stream<SstReader> shownTables() {
        LsmView view = views.current();
        Stream<SstReader> inRuns = view.runs().stream().flatMap(run -> run.tables().stream());
        return Stream.concat(view.l0().stream(), inRuns);
    }

    /// How many bytes of memory the blocks of those of `wanted` take that are shown.
    public long bytesInMemory(Set<SstView> wanted) {
        return shownTables()
                .filter(table -> wanted.contains(table.view()))
                .mapToLong(SstReader::bytesInMemory)
                .sum();
    }

    /// Publishes `edit` and shows what came of it.
    void publish(ManifestEdit edit, Patience patience) throws InterruptedException {
        // Whoever was abandoned by a stop has been reported as not done.
        patience.token().refuseAt(Level.ABORT, "the manifest");
        install(store.publish(current, edit, epoch, patience));
    }

    /// Looks for a later manifest and shows it. Throws `Closed` if a newer writer has come.
    void refresh() {
        learn(store.newest(current));
    }

    /// Does the same by a single question, if what was last seen was still the newest a short while
    /// ago, so that what follows on it has not been collected yet.
    void refreshByName() {
        learn(store.newestByName(current));
    }

    /// Shows `made`, which are durable on the local disk, in place of the memtables that they were
    /// made of. They are newer than all that were shown before, and oldest first.
    void show(List<LocalTable> made) {
        if (made.isEmpty()) return;
        List<SstReader> ready = ready(made);
        installing.lock();
        try {
            var more = new ArrayList<>(unpublished);
            more.addAll(made);
            ManifestVersion version = current;
            views.update(view -> over(view, version, more, ready));
            unpublished = List.copyOf(more);
        } finally {
            installing.unlock();
        }
        listeners.forEach(Runnable::run);
    }

    // What was in memory as memtables is in memory as tables, as far as there is room.
    private List<SstReader> ready(List<LocalTable> made) {
        TableStore shown = tables.of(current.manifest());
        List<SstReader> ready =
                made.stream().map(each -> shown.open(SstView.of(each.handle()))).toList();
        ready.forEach(TableFill::fill);
        return ready;
    }

    /// The tables that lie on the local disk and that the manifest last seen does not name, oldest
    /// first.
    List<LocalTable> unpublished() {
        return unpublished;
    }

    /// How many memtables they were made of. Every commit asks: nothing is allocated.
    int unpublishedMemtables() {
        List<LocalTable> tables = unpublished;
        int memtables = 0;
        for (int i = 0; i < tables.size(); i++) {
            boolean isLast = i + 1 == tables.size();
            if (isLast || tables.get(i).lastSeq() != tables.get(i + 1).lastSeq()) memtables++;
        }
        return memtables;
    }

    /// The last commit in tables that are shown.
    long shownSeq() {
        List<LocalTable> local = unpublished;
        long published = current.manifest().lastL0Seq();
        return local.isEmpty() ? published : Math.max(published, local.getLast().lastSeq());
    }

    /// The newest time in the id of a table that is shown as L0, or was.
    public long newestTableMillis() {
        List<LocalTable> local = unpublished;
        long newest = current.manifest().newestL0Millis();
        if (!local.isEmpty()) newest = Math.max(newest, local.getLast().id().timeMillis());
        return newest;
    }

    private void install(ManifestVersion version) {
        installing.lock();
        try {
            if (version.id() <= current.id()) return;
            long lastSeq = version.manifest().lastL0Seq();
            List<LocalTable> left =
                    unpublished.stream().filter(each -> lastSeq < each.lastSeq()).toList();
            List<SstReader> ready = List.copyOf(expected);
            views.update(view -> over(view, version, left, ready));
            current = version;
            unpublished = left; // last: every table is in one of both at any moment
        } finally {
            installing.unlock();
        }
        listeners.forEach(Runnable::run);
    }

    private LsmView over(LsmView view, ManifestVersion version, List<LocalTable> local) {
        return over(view, version, local, List.of());
    }

    private LsmView over(
            LsmView view, ManifestVersion version, List<LocalTable> local, List<SstReader> ready) {
        Manifest shown = shown(version.manifest(), local);
        return view.withoutFlushed(shown.lastL0Seq()).withTables(shown, tables.of(shown), ready);
    }

    private static Manifest shown(Manifest published, List<LocalTable> local) {
        if (local.isEmpty()) return published;
        var l0 = new ArrayList<SstView>();
        for (LocalTable each : local.reversed()) l0.add(SstView.of(each.handle()));
        l0.addAll(published.l0());
        return published.but().l0(l0).lastL0Seq(local.getLast().lastSeq()).build();
    }
}

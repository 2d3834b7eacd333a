package dev.holdfast.engine.write;

import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.view.ViewHolder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/// The manifest as this writer last saw it, and the view that follows from it.
///
/// Invariants:
/// 1. The manifest only moves to a later id.
/// 2. A view shows a row in a memtable or in a table of its manifest, never in neither: memtables
///    go out and tables come in by one step.
///
/// Thread-safe: the flusher publishes, the poller looks.
public final class LiveManifest {
    private final ManifestStore store;
    private final TableStore tables;
    private final ViewHolder views;
    private final long epoch;
    private final ReentrantLock installing = new ReentrantLock(); // never held over I/O
    private volatile ManifestVersion current;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /// @param current the manifest that made this writer the writer
    public LiveManifest(
            ManifestStore store, TableStore tables, ViewHolder views, ManifestVersion current) {
        this.store = store;
        this.tables = tables;
        this.views = views;
        this.current = current;
        epoch = current.manifest().writerEpoch();
        views.update(view -> over(view, current));
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

    /// Publishes `edit` and shows what came of it.
    void publish(ManifestEdit edit, Patience patience) throws InterruptedException {
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

    private void install(ManifestVersion version) {
        installing.lock();
        try {
            if (version.id() <= current.id()) return;
            views.update(view -> over(view, version));
            current = version;
        } finally {
            installing.unlock();
        }
        listeners.forEach(Runnable::run);
    }

    private LsmView over(LsmView view, ManifestVersion version) {
        return view.withoutFlushed(version.manifest().lastL0Seq())
                .withTables(version.manifest(), tables);
    }
}

package dev.holdfast.engine;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.compact.Compactor;
import dev.holdfast.engine.compact.Compactor.ShownTables;
import dev.holdfast.engine.compact.rows.RowRules;
import dev.holdfast.engine.filter.FilterChoice;
import dev.holdfast.engine.iter.RowList;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.engine.iter.Visibility;
import dev.holdfast.engine.manifest.FlushedRows;
import dev.holdfast.engine.manifest.ManifestEdit;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.WalPosition;
import dev.holdfast.engine.memtable.Memtable;
import dev.holdfast.engine.read.StableView;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.engine.table.SstWriter;
import dev.holdfast.engine.table.StoredForm;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.table.TableStore;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.StartException;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// A database of random tables, compacted by the real compactor, with snapshots that stay alive:
/// after every commit of the compactor each of them has to show what it showed before.
///
/// The wall clock is the story's own, and stands still while anything is compacted.
final class CompactedStory {
    private static final String ROOT = "db";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Random random;
    private final MovableClock env = new MovableClock(100);
    private final MemoryStore store = new MemoryStore();
    private final ManifestStore manifests = new ManifestStore(store, ROOT, env);
    private final BlockCache cache = BlockCache.alone(ByteSize.mebibytes(1), env);
    private final Memtable empty = new Memtable();
    private final List<TestRow> rows = new ArrayList<>();
    private final List<Long> snapshots = new ArrayList<>();
    private final int keys;
    private ManifestVersion known;
    private long seq;

    // Of the compaction under way, which its thread looks at.
    private Map<Long, Long> hashesBefore = Map.of();
    private volatile String failure = "";
    private volatile Count count = new Count();

    /// What was looked at.
    ///
    /// @param snapshots whose hashes were compared
    /// @param rows that compactions have read
    record Count(long compactions, long snapshots, long rows) {
        Count() {
            this(0, 0, 0);
        }

        Count plus(Count other) {
            return new Count(
                    compactions + other.compactions,
                    snapshots + other.snapshots,
                    rows + other.rows);
        }
    }

    CompactedStory(long seed) throws InterruptedException {
        random = new Random(seed);
        keys = 1 + random.nextInt(25);
        known = manifests.takeOver(manifests.create(patience()), patience());
    }

    /// Empty, or what a snapshot showed otherwise.
    String failure() {
        return failure;
    }

    Count count() {
        return count;
    }

    private Patience patience() {
        return new Patience(Deadline.after(env, PATIENCE), Token.standalone(env));
    }

    /// Some more tables in L0; snapshots are taken and given up on the way.
    void writeTables() throws InterruptedException {
        for (int table = 1 + random.nextInt(5); 0 < table; table--) {
            writeTable();
            if (random.nextInt(3) == 0) snapshots.add(seq);
            if (!snapshots.isEmpty() && random.nextInt(3) == 0)
                snapshots.remove(random.nextInt(snapshots.size()));
        }
    }

    private void writeTable() throws InterruptedException {
        var fresh = new ArrayList<TestRow>();
        for (int i = random.nextInt(25); 0 <= i; i--) fresh.add(row(++seq));
        rows.addAll(fresh);
        // Clocks of machines differ.
        env.advance(Math.max(0, 80 + seq + random.nextInt(40) - env.currentTimeMillis()));
        var writer =
                new SstWriter(
                        store,
                        TablePaths.of(ROOT),
                        StoredForm.of(settings()),
                        Sealing.none(env),
                        env);
        Durable<SstHandle> table =
                writer.write(
                        Ulid.at(env, env.currentTimeMillis()), new RowList(fresh, Order.ASCENDING));
        long oldest = snapshots.stream().mapToLong(Long::longValue).min().orElse(seq);
        var flushed =
                new ManifestEdit.Flushed(
                        table,
                        Durable.confirmed(new WalPosition(0, 0)),
                        new FlushedRows(seq, 100 + seq, oldest, env.currentTimeMillis()));
        known = manifests.publish(known, flushed, known.manifest().writerEpoch(), patience());
    }

    private TestRow row(long seq) {
        String key = "k%04d".formatted(random.nextInt(keys));
        String value = seq + "." + "x".repeat(random.nextInt(random.nextInt(20) == 0 ? 300 : 10));
        long created = 100 + seq;
        return switch (random.nextInt(8)) {
            case 0, 1 -> TestRow.delete(key, seq);
            case 2 -> TestRow.merge(key, seq, value);
            case 3 -> TestRow.put(key, seq, value, created + random.nextInt(60) - 20);
            default -> TestRow.put(key, seq, value);
        };
    }

    private Settings settings() {
        Style[] styles = {Style.TIERED, Style.LEVELED, Style.EVERYTHING};
        var compaction =
                new CompactionSettings(
                        styles[random.nextInt(styles.length)],
                        2 + random.nextInt(2),
                        3 + random.nextInt(4),
                        1.5 + 3 * random.nextDouble(),
                        ByteSize.bytes(200 + random.nextInt(4_000)),
                        1 + random.nextInt(3),
                        1 + random.nextInt(3),
                        Duration.ofHours(1),
                        CompactionSettings.Workers.defaults(),
                        Duration.ofMinutes(15));
        return RandomSettings.tiny(random).compaction(compaction).build();
    }

    /// Has the compactor do all that it finds to do.
    void compact() throws InterruptedException {
        env.advance(random.nextInt(30));
        hashesBefore = hashes(known.manifest());
        var compactor =
                new Compactor(
                        new Compactor.Place(
                                store,
                                ROOT,
                                settings(),
                                env,
                                new RowRules(TestRow.CONCATENATE, null),
                                () -> manifests.newest(known),
                                ShownTables.none(this::published),
                                cache,
                                Compactor.WhenFenced.END,
                                FilterChoice.USUAL,
                                null));
        Scope scope =
                Scope.builder("compactor", env).add(new StoreHold(() -> {})).add(compactor).build();
        try {
            scope.start();
        } catch (StartException failed) {
            throw new AssertionError(failed);
        }
        boolean isIdle = compactor.awaitIdle(Deadline.after(env, PATIENCE), Token.standalone(env));
        if (!isIdle) failure += " not idle: " + compactor.lastFailure();
        scope.stop(Mode.SMART, PATIENCE, "all is compacted");
        known = manifests.newest(known);
        count = count.plus(new Count(0, 0, compactor.stats().rowsRead()));
    }

    // On the compactor's own thread: it commits nothing more until this returns.
    private void published(ManifestVersion version) {
        Manifest before = known.manifest();
        Manifest after = version.manifest();
        known = version;
        if (before.l0().equals(after.l0()) && before.sortedRuns().equals(after.sortedRuns()))
            return;
        Map<Long, Long> hashesAfter = hashes(after);
        if (!hashesAfter.equals(hashesBefore))
            failure += " manifest " + version.id() + ": " + hashesBefore + " -> " + hashesAfter;
        count = count.plus(new Count(1, hashesAfter.size(), 0));
    }

    private LsmView viewOf(Manifest manifest) {
        var tables =
                new TableStore(store, TablePaths.of(ROOT, manifest), cache, Sealing.none(env), env);
        return LsmView.of(empty).withTables(manifest, tables);
    }

    // By sequence number: what is committed, and what every living snapshot shows.
    private Map<Long, Long> hashes(Manifest manifest) {
        var hashes = new TreeMap<Long, Long>();
        LsmView view = viewOf(manifest);
        var reading = new StableView.Reading(env, TestRow.CONCATENATE);
        var seqs = new ArrayList<>(snapshots);
        seqs.add(seq);
        for (long at : seqs) {
            var found = new TreeMap<Bytes, Bytes>();
            try (var snapshot = new StableView(reading, view, at);
                    Scan scan = snapshot.scan(KeyRange.all(), Order.ASCENDING)) {
                while (scan.next())
                    found.put(
                            Bytes.copyOf(scan.key().toArray()),
                            Bytes.copyOf(scan.value().toArray()));
            }
            var expected = new Visibility(at, env.currentTimeMillis(), TestRow.CONCATENATE);
            if (!found.equals(TestRow.visible(rows, expected)))
                failure += " seq " + at + " shows " + found;
            hashes.put(at, hashOf(found));
        }
        return hashes;
    }

    private static long hashOf(TreeMap<Bytes, Bytes> pairs) {
        long hash = 1;
        for (Map.Entry<Bytes, Bytes> pair : pairs.entrySet()) {
            hash = 0x100000001b3L * (hash ^ pair.getKey().hashCode());
            hash = 0x100000001b3L * (hash ^ pair.getValue().hashCode());
        }
        return hash;
    }
}

package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.manifest.CompactionsStore;
import dev.holdfast.engine.manifest.CompactionsVersion;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.WalStoreRule;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.engine.wal.WalListing;
import dev.holdfast.engine.wal.WalReplayer;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.sst.SstVerifier;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One look at every object that a database names, and at those that nothing names.
///
/// Reads only. A database that is written meanwhile is seen as of its manifest; tables that its
/// writer is about to publish then show as orphans.
final class Fsck {
    private final ObjectStore store;
    private final String root;
    private final Sealing sealing;
    private final Env env;
    private final ManifestStore manifests;
    private final List<String> problems = new ArrayList<>();
    private final List<String> orphans = new ArrayList<>();
    private final Map<Ulid, String> names = new HashMap<>();
    private long objects;
    private long rows;

    Fsck(ObjectStore store, String root, Sealing sealing, Env env) {
        this.sealing = sealing;
        this.store = store;
        this.root = root;
        this.env = env;
        manifests = new ManifestStore(store, root, env);
    }

    FsckReport run() throws InterruptedException {
        ManifestVersion latest;
        try {
            latest = manifests.latest();
        } catch (CorruptData damaged) {
            problems.add(damaged.getMessage());
            return report(0);
        }
        if (latest == null) throw new Invalid("no database here. path=`" + root + "`", null);
        WalStoreRule.require(latest, store, root);
        objects++;
        Map<Ulid, SstView> named = new LinkedHashMap<>();
        note(latest.manifest(), named);
        collectCheckpoints(latest.manifest(), named);
        named.forEach((id, view) -> checkTable(names.getOrDefault(id, ""), view));
        checkLog(latest.manifest());
        listOrphans(TablePaths.of(root), named, unfinished());
        return report(latest.id());
    }

    private FsckReport report(long manifestId) {
        return new FsckReport(manifestId, objects, rows, problems, orphans);
    }

    private static void collect(Manifest manifest, Map<Ulid, SstView> named) {
        Stream<SstView> inSegments = manifest.segments().stream().flatMap(Fsck::viewsOf);
        Stream<SstView> inRuns = manifest.sortedRuns().stream().flatMap(run -> run.ssts().stream());
        Stream.of(manifest.l0().stream(), inRuns, inSegments)
                .flatMap(views -> views)
                .forEach(view -> named.putIfAbsent(view.sst().id(), view));
    }

    // Where a table lies may differ from one manifest to the next: clones bring tables home.
    private void note(Manifest manifest, Map<Ulid, SstView> named) {
        TablePaths paths = TablePaths.of(root, manifest);
        collect(manifest, named);
        for (Ulid id : named.keySet()) names.putIfAbsent(id, paths.name(id));
    }

    private static Stream<SstView> viewsOf(Segment segment) {
        return Stream.concat(
                segment.l0().stream(),
                segment.sortedRuns().stream().flatMap(run -> run.ssts().stream()));
    }

    private void collectCheckpoints(Manifest manifest, Map<Ulid, SstView> named) {
        for (Checkpoint checkpoint : manifest.checkpoints()) {
            long end = checkpoint.expireSeconds();
            if (end != 0 && end * 1000 < env.currentTimeMillis()) continue;
            try {
                ManifestVersion kept = manifests.at(checkpoint.manifestId());
                objects++;
                if (kept == null)
                    problems.add("manifest of a checkpoint missing. id=" + checkpoint.manifestId());
                else note(kept.manifest(), named);
            } catch (CorruptData damaged) {
                problems.add(damaged.getMessage());
            }
        }
    }

    private void checkTable(String name, SstView view) {
        objects++;
        Bytes object = store.get(name);
        if (object == null) {
            problems.add("table missing. object=`" + name + "`");
            return;
        }
        try {
            SstHandle sst = view.sst();
            SectionSeal seal = sealing.table(sst.id());
            rows += SstVerifier.verify(object, sst.properties(), sst.version(), seal).rows();
        } catch (FormatException wrong) {
            problems.add(wrong.getMessage() + ". object=`" + name + "`");
        }
    }

    private void checkLog(Manifest manifest) throws InterruptedException {
        long after = manifest.replayAfterWalId();
        try {
            long last = WalListing.read(store, root, after).last();
            Token token = Token.standalone(env);
            new WalReplayer(store, root, env, token, manifest.lastL0Seq())
                    .openedBy(sealing)
                    .replay(after, last, new Count());
        } catch (CorruptData damaged) {
            problems.add(damaged.getMessage());
        }
    }

    // What a compaction has made so far is named by the compactor's state alone.
    private Set<Ulid> unfinished() {
        CompactionsVersion state = new CompactionsStore(store, root, env).latest();
        if (state == null) return Set.of();
        return state.compactions().recent().stream()
                .flatMap(compaction -> compaction.outputs().stream())
                .map(SstHandle::id)
                .collect(Collectors.toSet());
    }

    private void listOrphans(TablePaths paths, Map<Ulid, SstView> named, Set<Ulid> unfinished) {
        String position = null;
        while (true) {
            List<ObjectMeta> page =
                    store.list(paths.prefix(), position, ObjectStore.LIST_LIMIT_MAX);
            for (ObjectMeta object : page) {
                position = object.name();
                Ulid id = paths.id(position);
                if (id == null || !(named.containsKey(id) || unfinished.contains(id)))
                    orphans.add(position);
            }
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) return;
        }
    }

    /// Counts what a replay would read.
    private final class Count implements WalReplayer.Sink {
        @Override
        public void row(RowCursor row) {
            rows++;
        }

        @Override
        public void endOfCommit(Durable<Long> seq) {}

        @Override
        public void endOfObject(Durable<Long> id, long lastSeq) {
            objects++;
        }
    }
}

package dev.holdfast.engine.backup;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.KeyUse;
import dev.holdfast.engine.manifest.ManifestStore;
import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.engine.table.TablePaths;
import dev.holdfast.format.manifest.Checkpoint;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Segment;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.seal.SealHead;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.wal.WalEncoder;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// One look at what each key of a database still stands on. Needs no key, and only reads: a few
/// bytes of each table and of each object of the log.
public final class SealSurvey {
    private final ObjectStore store;
    private final String root;
    private final ManifestStore manifests;
    private final Map<Integer, KeyUse> found = new TreeMap<>();

    public SealSurvey(ObjectStore store, String root, ManifestStore manifests) {
        this.store = store;
        this.root = root;
        this.manifests = manifests;
    }

    /// Looks. Throws `Invalid` if there is no database.
    public List<KeyUse> run() {
        ManifestVersion latest = manifests.latest();
        if (latest == null) throw new Invalid("no database here. path=`" + root + "`", null);
        Manifest newest = latest.manifest();
        var tables = new LinkedHashMap<Ulid, SstView>();
        collect(newest, tables);
        Set<Ulid> current = Set.copyOf(tables.keySet());
        long logAfter = newest.replayAfterWalId();
        for (Checkpoint checkpoint : newest.checkpoints()) {
            ManifestVersion kept = manifests.at(checkpoint.manifestId());
            if (kept == null) continue;
            collect(kept.manifest(), tables);
            logAfter = Math.min(logAfter, kept.manifest().replayAfterWalId());
        }
        var paths = TablePaths.of(root, newest);
        tables.forEach((id, table) -> {
            KeyUse use = useOf(paths.name(id), table);
            add(current.contains(id) ? use : new KeyUse(use.keyId(), 0, 0, 0, 1));
        });
        lookAtLog(logAfter, newest.replayAfterWalId());
        return List.copyOf(found.values());
    }

    private static void collect(Manifest manifest, Map<Ulid, SstView> named) {
        var views = new ArrayList<SstView>(manifest.l0());
        manifest.sortedRuns().forEach(run -> views.addAll(run.ssts()));
        for (Segment segment : manifest.segments()) {
            views.addAll(segment.l0());
            segment.sortedRuns().forEach(run -> views.addAll(run.ssts()));
        }
        for (SstView view : views) named.putIfAbsent(view.sst().id(), view);
    }

    private KeyUse useOf(String name, SstView table) {
        SstProperties properties = table.sst().properties();
        Bytes start = store.get(name, properties.index().offset(), SealHead.KEY_BYTES);
        if (start == null)
            throw CorruptData.missing("DATA_MISSING: table not found. object=`" + name + "`");
        return new KeyUse(keyId(name, start), 1, properties.propertiesOffset(), 0, 0);
    }

    private void lookAtLog(long after, long replayAfter) {
        NumberedNames names = NumberedNames.wals(root);
        String position = names.name(after);
        while (true) {
            List<ObjectMeta> page =
                    store.list(names.prefix(), position, ObjectStore.LIST_LIMIT_MAX);
            for (ObjectMeta object : page) {
                position = object.name();
                long id = names.id(position);
                if (id < 0 || isFence(object)) continue;
                Bytes start = store.get(position, 0, SealHead.KEY_BYTES);
                if (start == null) continue;
                int key = keyId(position, start);
                add(replayAfter < id ? new KeyUse(key, 0, 0, 1, 0) : new KeyUse(key, 0, 0, 0, 1));
            }
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) return;
        }
    }

    // A fence tells nothing, and is always in clear.
    private static boolean isFence(ObjectMeta object) {
        return object.size() <= WalEncoder.fence().length();
    }

    private static int keyId(String name, Bytes start) {
        try {
            return SealHead.keyId(start);
        } catch (FormatException wrong) {
            throw new CorruptData(wrong.getMessage() + ". object=`" + name + "`", wrong);
        }
    }

    private void add(KeyUse one) {
        found.merge(one.keyId(), one, KeyUse::plus);
    }
}

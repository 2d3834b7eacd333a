package dev.holdfast.simulation.tier;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Copies of a bucket at many moments of a run, each with the remote mark that had been reported by
/// then.
final class BucketCopies {
    private record Stored(Bytes content, @Nullable Ulid putId) {
        void into(ObjectStore store, String name) {
            if (putId == null) store.put(name, List.of(content));
            else store.putIfAbsent(name, List.of(content), putId);
        }
    }

    private record Copy(Map<String, Stored> objects, long remote) {}

    private final List<Copy> copies = new ArrayList<>();

    /// Takes one, unless nothing has changed but for the mark.
    void take(ObjectStore atRest, long remote) {
        Map<String, Stored> objects = new HashMap<>();
        for (ObjectMeta each : atRest.list("db/", null, ObjectStore.LIST_LIMIT_MAX)) {
            Bytes content = atRest.get(each.name());
            ObjectMeta head = atRest.head(each.name());
            if (content != null && head != null)
                objects.put(each.name(), new Stored(content, head.putId()));
        }
        boolean isFirst = objects.keySet().stream().noneMatch(name -> name.contains("/manifest/"));
        if (!isFirst) copies.add(new Copy(objects, remote));
    }

    int count() {
        return copies.size();
    }

    /// Opens each of them, with nothing but the bucket: what is there is a prefix of the commits
    /// that reaches the mark.
    void requireRestorable(Ledger ledger, String who) {
        for (int i = 0; i < copies.size(); i++) {
            Copy copy = copies.get(i);
            String what = "%s, copy %d of %d".formatted(who, i, copies.size());
            var store = new MemoryStore();
            copy.objects.forEach((name, stored) -> stored.into(store, name));
            FsckReport report = Engine.fsck(store, "db");
            assertTrue(report.isSound(), () -> what + ": " + report.problems());
            try (DbReader reader = Engine.builder(store, "db").openReader()) {
                long shown = reader.status().seq();
                assertTrue(
                        copy.remote <= shown,
                        what + ": mark " + copy.remote + ", restored up to " + shown);
                ledger.requirePrefix(reader, shown, what);
            }
        }
    }
}

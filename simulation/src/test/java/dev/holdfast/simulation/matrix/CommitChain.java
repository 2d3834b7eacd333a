package dev.holdfast.simulation.matrix;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// All that one writer after the other tried to commit, each attempt on top of another: what the
/// database holds says which attempt was the last, and so all that it must hold.
final class CommitChain {
    static final String LAST = "last";
    private static final int KEYS = 20;
    private static final int OFTEN_DELETED = 3;

    private record Attempt(int parent, SortedMap<String, String> state, long[] ackedNanos) {}

    private final List<Attempt> attempts = new ArrayList<>();

    CommitChain() {
        attempts.add(new Attempt(-1, new TreeMap<>(), new long[] {0}));
    }

    /// A new attempt on top of `parent`; its batch is [#batch].
    int begin(int parent) {
        int id = attempts.size();
        var state = new TreeMap<>(attempts.get(parent).state());
        state.put(LAST, "" + id);
        state.put(key(id), "value of " + id);
        if (isDeleting(id)) state.remove(key(deleted(id)));
        attempts.add(new Attempt(parent, state, new long[] {Long.MAX_VALUE}));
        return id;
    }

    static WriteBatch batch(int id) {
        WriteBatch batch = new WriteBatch();
        batch.put(Bytes.utf8(LAST), Bytes.utf8("" + id));
        batch.put(Bytes.utf8(key(id)), Bytes.utf8("value of " + id));
        if (isDeleting(id)) batch.delete(Bytes.utf8(key(deleted(id))));
        return batch;
    }

    private static String key(int id) {
        return "key%02d".formatted(id % KEYS);
    }

    private static int deleted(int id) {
        return 7 * id + 3;
    }

    private static boolean isDeleting(int id) {
        return id % OFTEN_DELETED == 0 && (deleted(id) - id) % KEYS != 0;
    }

    /// It was acknowledged as durable.
    void acked(int id, long nanos) {
        attempts.get(id).ackedNanos()[0] = nanos;
    }

    /// All that the database holds once `id` was committed.
    SortedMap<String, String> state(int id) {
        return attempts.get(id).state();
    }

    /// What `id` was tried on top of.
    int parent(int id) {
        return attempts.get(id).parent();
    }

    /// True if `later` is `earlier`, or was tried on top of it.
    boolean isBehind(int later, int earlier) {
        int at = later;
        while (earlier < at) at = attempts.get(at).parent();
        return at == earlier;
    }

    /// The newest attempt that was acknowledged by `nanos`.
    int ackedBy(long nanos) {
        for (int id = attempts.size() - 1; 0 < id; id--)
            if (attempts.get(id).ackedNanos()[0] <= nanos) return id;
        return 0;
    }

    int size() {
        return attempts.size() - 1;
    }
}

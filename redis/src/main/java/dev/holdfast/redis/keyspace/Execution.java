package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.CommitHook;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.redis.resp.RespError;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One run over all databases: what it read of one view, and what it wants written. Not
/// thread-safe.
final class Execution {
    private final Env env;
    private final Figures figures;
    private final ReadView view;
    private final StagedRows rows;
    private final Figures.Changes changes = new Figures.Changes();
    private final Map<Bytes, @Nullable Meta> metas = new HashMap<>();
    private final long nowMillis;
    private final KeyHash hash;
    private Root root;

    Execution(Env env, Figures figures, RootCache roots, ReadView view) {
        this.env = env;
        this.figures = figures;
        this.view = view;
        this.rows = new StagedRows(view);
        this.nowMillis = env.currentTimeMillis();
        // Read by `get`, so that a run whose generation was dropped meanwhile does not commit.
        Bytes encoded = view.get(RowKeys.ROOT);
        if (encoded == null) throw new StorageException.CorruptData("redis root row missing", null);
        RootCache.Known known = roots.decode(encoded);
        this.root = known.root();
        this.hash = known.hash();
    }

    long nowMillis() {
        return nowMillis;
    }

    Env env() {
        return env;
    }

    KeyHash hash() {
        return hash;
    }

    Root root() {
        return root;
    }

    void rootTo(Root next) {
        root = next;
        rows.put(RowKeys.ROOT, next.encode());
    }

    StagedRows rows() {
        return rows;
    }

    Figures.Changes changes() {
        return changes;
    }

    long takeVersion() {
        changes.useVersion();
        return figures.takeVersion();
    }

    /// What the meta row holds, whether expired or not.
    @Nullable Meta meta(Bytes metaKey) {
        Meta known = metas.get(metaKey);
        if (known != null || metas.containsKey(metaKey)) return known;
        Bytes encoded = rows.get(metaKey);
        boolean isThere = encoded != null && !Meta.isGone(encoded);
        Meta meta = isThere ? Meta.decode(encoded) : null;
        metas.put(metaKey, meta);
        return meta;
    }

    void putMeta(Bytes metaKey, Meta meta) {
        metas.put(metaKey, meta);
        rows.put(metaKey, meta.encode());
    }

    /// Has the key of `metaKey`, which holds `old`, exist no more.
    void deleteMeta(Bytes metaKey, Meta old) {
        metas.put(metaKey, null);
        if (old.hasRows()) rows.put(metaKey, Meta.gone(old.rows().version()));
        else rows.delete(metaKey);
    }

    /// The key of the row `name` under `prefix`. An error if it is longer than the engine takes.
    Bytes rowKey(Bytes prefix, Bytes name) {
        int length = prefix.length() + name.length();
        if (WriteBatch.KEY_BYTES_MAX < length) throw new RespError(RespError.STRING_TOO_LONG);
        byte[] rowKey = new byte[length];
        prefix.copyTo(rowKey, 0);
        name.copyTo(rowKey, prefix.length());
        return Bytes.wrap(rowKey);
    }

    /// How many keys `generation` holds. Read by a scan: a count that others change all the time
    /// must not make this run's writes conflict.
    KeyCount count(int generation) {
        KeyCount stored = KeyCount.NONE;
        Bytes rowKey = RowKeys.counts(generation);
        try (Scan scan = view.scan(KeyRange.prefix(rowKey))) {
            if (scan.next()) stored = Figures.decode(scan.value());
        }
        return stored.plus(changes.of(generation));
    }

    /// The meta rows that were looked at, and so may be fought over.
    Set<Bytes> touched() {
        return metas.keySet();
    }

    boolean isReadOnly() {
        return rows.isEmpty();
    }

    @Nullable CommitHook hook() {
        return changes.isEmpty() ? null : batch -> figures.apply(changes, batch);
    }
}

package dev.holdfast.engine.table;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.cache.BlockCache;
import dev.holdfast.engine.iter.RowList;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.engine.seal.Sealing;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.manifest.KeyBounds;
import dev.holdfast.format.manifest.SstHandle;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.sst.SstSettings;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.fault.CountingStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tables with small blocks in a store in memory that counts its calls.
public final class TestTables {
    public final BlockCache cache;
    public final CountingStore store = new CountingStore();
    private final Env env = Env.system();
    private final SstSettings settings;

    public TestTables(ByteSize cacheSize, SstSettings settings) {
        this.cache = BlockCache.alone(cacheSize, Env.system());
        this.settings = settings;
    }

    public TestTables() {
        this(ByteSize.mebibytes(8), new SstSettings(256, Codec.NONE, 10, 0));
    }

    public SstHandle write(List<TestRow> rows) {
        return write(new RowList(rows, Order.ASCENDING));
    }

    private SstHandle write(RowCursor rows) {
        var writer = new SstWriter(store, TablePaths.of("db"), settings, Sealing.none(env), env);
        return writer.write(Ulid.next(env), rows).position();
    }

    public SstReader table(RowCursor rows) {
        return open(write(rows));
    }

    public SstReader open(SstHandle handle) {
        return open(handle, null);
    }

    public SstReader open(SstHandle handle, @Nullable KeyBounds visible) {
        return open(store, handle, visible);
    }

    public SstReader open(ObjectStore other, SstHandle handle, @Nullable KeyBounds visible) {
        return new TableStore(other, TablePaths.of("db"), cache, Sealing.none(env), env)
                .open(new SstView(handle.id(), handle, visible));
    }

    public SstReader table(List<TestRow> rows) {
        return open(write(rows));
    }
}

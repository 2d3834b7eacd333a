package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.read.StableView;
import dev.holdfast.engine.view.LsmView;
import dev.holdfast.engine.view.SnapshotPins.Pin;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The database as of one commit, read from whatever holds that commit now. Thread-safe.
///
/// It keeps no memtable and no table: what it shows is kept from compactions by a pin.
final class HeldSnapshot implements Db.Snapshot {
    private final OpenParts parts;
    private final Pin pin;
    private volatile boolean isClosed;

    HeldSnapshot(OpenParts parts, Pin pin) {
        this.parts = parts;
        this.pin = pin;
    }

    // The order matters: as long as the pin holds once the view was taken, nothing in the view was
    // compacted too far.
    private StableView stable() {
        LsmView view = parts.writes().views().current();
        if (isClosed) throw new Closed(Closed.Reason.CLEAN, "snapshot closed", null);
        if (pin.hasEnded())
            throw new Closed(
                    Closed.Reason.EXPIRED, "snapshot ended. seq=`" + pin.seq() + "`", null);
        return new StableView(parts.reading(), view, pin.seq());
    }

    @Override
    public @Nullable Bytes get(Bytes key) {
        return parts.calls().inside("get", () -> stable().get(key));
    }

    @Override
    public @Nullable Row row(Bytes key, Reads.Options options) {
        return parts.calls().inside("get", () -> stable().row(key, options));
    }

    @Override
    public List<@Nullable Bytes> multiGet(List<Bytes> keys, Reads.Options options) {
        return parts.calls().inside("get", () -> stable().multiGet(keys, options));
    }

    @Override
    public Scan scan(KeyRange range, Order order) {
        return scan(range, Scan.Options.defaults().withOrder(order));
    }

    @Override
    public Scan scan(KeyRange range, Scan.Options options) {
        return parts.calls().inside("scan", () -> stable().scan(range, options));
    }

    @Override
    public Scan.Versions versions(KeyRange range) {
        return parts.calls().inside("scan", () -> stable().versions(range));
    }

    @Override
    public long seq() {
        return pin.seq();
    }

    @Override
    public Duration remaining() {
        return isClosed ? Duration.ZERO : pin.remaining();
    }

    @Override
    public void close() {
        isClosed = true;
        pin.close();
    }
}

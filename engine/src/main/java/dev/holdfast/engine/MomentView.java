package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.follow.Moment;
import dev.holdfast.engine.read.StableView;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One moment of a reader, held. It shows that moment or fails: what was collected meanwhile is
/// `Conflict`, what ended with the reader is `Closed`. Thread-safe.
final class MomentView implements ReadView {
    private final OpenReader reader;
    private final Moment moment;
    private final StableView view;

    MomentView(OpenReader reader, Moment moment) {
        this.reader = reader;
        this.moment = moment;
        view = reader.stable(moment);
    }

    @Override
    public @Nullable Bytes get(Bytes key) {
        return reader.within("get", () -> explained(() -> view.get(key)));
    }

    @Override
    public Scan scan(KeyRange range, Order order) {
        return reader.within("scan", () -> new MomentScan(view.scan(range, order)));
    }

    @Override
    public @Nullable Row row(Bytes key, Reads.Options options) {
        return reader.within("get", () -> explained(() -> view.row(key, options)));
    }

    @Override
    public List<@Nullable Bytes> multiGet(List<Bytes> keys, Reads.Options options) {
        return reader.within("get", () -> explained(() -> view.multiGet(keys, options)));
    }

    @Override
    public Scan scan(KeyRange range, Scan.Options options) {
        return reader.within("scan", () -> new MomentScan(view.scan(range, options)));
    }

    @Override
    public long seq() {
        return view.seq();
    }

    @Override
    public long observedSeq() {
        return view.observedSeq();
    }

    @Override
    public void close() {
        view.close();
    }

    private <R> R explained(Supplier<R> read) {
        try {
            return read.get();
        } catch (CorruptData failure) {
            throw reader.explained(moment, failure);
        }
    }

    /// A scan of the moment. Not thread-safe.
    private final class MomentScan implements Scan {
        private final Scan scan;

        MomentScan(Scan scan) {
            this.scan = scan;
        }

        @Override
        public boolean next() {
            reader.requireOpen();
            return explained(scan::next);
        }

        @Override
        public Bytes key() {
            return scan.key();
        }

        @Override
        public Bytes value() {
            return scan.value();
        }

        @Override
        public Row row() {
            return scan.row();
        }

        @Override
        public void seek(Bytes key) {
            reader.requireOpen();
            explained(() -> {
                scan.seek(key);
                return true;
            });
        }

        @Override
        public void close() {
            scan.close();
        }
    }
}

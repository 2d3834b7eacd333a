package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.CommitHook;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.Watermarks;
import dev.holdfast.engine.api.WriteBatch;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A Db that keeps every version of every row in a map. Thread-safe.
public final class MemoryDb implements Db {
    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<Bytes, NavigableMap<Long, Optional<Bytes>>> rows = new TreeMap<>();
    private long seq;

    @Override
    public long write(WriteBatch batch, Durability durability) {
        lock.lock();
        try {
            return batch.isEmpty() ? seq : apply(batch);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long writeIfUnchanged(ReadView basis, WriteBatch batch, @Nullable CommitHook hook) {
        lock.lock();
        try {
            View view = (View) basis;
            for (Bytes key : view.read)
                if (view.seq < lastWriteOf(key)) throw new StorageException.Conflict("" + key);
            if (hook != null) hook.beforeCommit(batch);
            return batch.isEmpty() ? seq : apply(batch);
        } finally {
            lock.unlock();
        }
    }

    private long lastWriteOf(Bytes key) {
        NavigableMap<Long, Optional<Bytes>> versions = rows.get(key);
        return versions == null ? 0 : versions.lastKey();
    }

    private long apply(WriteBatch batch) {
        seq++;
        for (BatchCursor row = batch.cursor(); row.next(); ) {
            Bytes key = Bytes.copyOf(row.array(), row.keyOffset(), row.keyLength());
            Bytes value = Bytes.copyOf(row.array(), row.valueOffset(), row.valueLength());
            rows.computeIfAbsent(key, _ -> new TreeMap<>())
                    .put(seq, row.isDelete() ? Optional.empty() : Optional.of(value));
        }
        return seq;
    }

    @Override
    public ReadView view() {
        lock.lock();
        try {
            return new View(seq);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Bytes get(Bytes key) {
        return view().get(key);
    }

    @Override
    public Scan scan(KeyRange range, Order order) {
        return view().scan(range, order);
    }

    @Override
    public Watermarks watermarks() {
        return new Watermarks(seq, seq, seq);
    }

    @Override
    public void awaitDurable(long seq, Durability durability, Duration timeout) {}

    @Override
    public void flush() {}

    @Override
    public void flushMemtables() {}

    @Override
    public DbStats stats() {
        return new DbStats(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, watermarks());
    }

    @Override
    public void close() {}

    private final class View implements ReadView {
        private final long seq;
        private final Set<Bytes> read = new HashSet<>();
        private long observed;

        View(long seq) {
            this.seq = seq;
        }

        @Override
        public long seq() {
            return seq;
        }

        @Override
        public long observedSeq() {
            return observed;
        }

        @Override
        public @Nullable Bytes get(Bytes key) {
            lock.lock();
            try {
                read.add(key);
                return visible(rows.getOrDefault(key, new TreeMap<>()));
            } finally {
                lock.unlock();
            }
        }

        private @Nullable Bytes visible(NavigableMap<Long, Optional<Bytes>> versions) {
            Map.Entry<Long, Optional<Bytes>> version = versions.floorEntry(seq);
            if (version == null) return null;
            observed = Math.max(observed, version.getKey());
            return version.getValue().orElse(null);
        }

        @Override
        public Scan scan(KeyRange range, Order order) {
            NavigableMap<Bytes, Bytes> found = new TreeMap<>();
            lock.lock();
            try {
                rows.forEach(
                        (key, versions) -> {
                            Bytes value = range.contains(key) ? visible(versions) : null;
                            if (value != null) found.put(key, value);
                        });
            } finally {
                lock.unlock();
            }
            return new MapScan(order == Order.ASCENDING ? found : found.descendingMap());
        }

        @Override
        public void close() {}
    }

    private static final class MapScan implements Scan {
        private final NavigableMap<Bytes, Bytes> pairs;
        private Iterator<Map.Entry<Bytes, Bytes>> left;
        private Map.@Nullable Entry<Bytes, Bytes> pair;

        MapScan(NavigableMap<Bytes, Bytes> pairs) {
            this.pairs = pairs;
            this.left = pairs.entrySet().iterator();
        }

        @Override
        public boolean next() {
            pair = left.hasNext() ? left.next() : null;
            return pair != null;
        }

        @Override
        public Bytes key() {
            return pair.getKey();
        }

        @Override
        public Bytes value() {
            return pair.getValue();
        }

        @Override
        public void seek(Bytes key) {
            left = pairs.tailMap(key, true).entrySet().iterator();
        }

        @Override
        public void close() {}
    }
}

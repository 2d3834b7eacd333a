package dev.holdfast.redis.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.CommitHook;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.DbStats;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.ReadView.OutOfReach;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.engine.api.Watermarks;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitLine;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A database in memory whose durability a test holds back and lets go.
///
/// Every version of every key is kept, so that a view is a number.
public final class FakeDb implements Db {
    private static final Runnable NOTHING = () -> {};

    private final ConcurrentSkipListMap<Bytes, Version> rows = new ConcurrentSkipListMap<>();
    private final ReentrantLock order = new ReentrantLock();
    private final Condition moved = order.newCondition();
    private volatile String far = "";
    private volatile long applied;
    private volatile long local;
    private volatile long remote;
    private volatile boolean isHeld;
    private volatile boolean isRemoteHeld;
    private volatile @Nullable RuntimeException failure;
    private volatile long conflictsToCome;
    private volatile Runnable beforeCommit = NOTHING;
    private volatile int refusedOf = Integer.MAX_VALUE; // commits at once
    private final AtomicLong triedAtOnce = new AtomicLong();
    private volatile String committer = "";
    private final WaitLine forced = new WaitLine(WaitKind.DURABILITY, "the local disk", "the test");
    private final AtomicLong hastened = new AtomicLong();
    private final AtomicLong widest = new AtomicLong(-1); // rows in the range of a scan

    private record Version(long seq, @Nullable Bytes value, @Nullable Version older) {
        @Nullable Version at(long limit) {
            Version version = this;
            while (version != null && limit < version.seq) version = version.older;
            return version;
        }
    }

    /// Nothing becomes durable from now on.
    public void holdDurability() {
        isHeld = true;
    }

    /// Nothing reaches the store from now on; what is applied is on the local disk at once.
    public void holdRemote() {
        isRemoteHeld = true;
    }

    /// What was applied is durable, and what comes will be at once.
    public void releaseDurability() {
        order.lock();
        try {
            isHeld = false;
            isRemoteHeld = false;
            local = applied;
            remote = applied;
            moved.signalAll();
        } finally {
            order.unlock();
        }
        forced.signalAll();
    }

    /// Waits for durability fail from now on.
    public void failDurability(RuntimeException failure) {
        order.lock();
        try {
            this.failure = failure;
            moved.signalAll();
        } finally {
            order.unlock();
        }
    }

    /// The next `count` commits of a view lose a race.
    public void loseRaces(long count) {
        conflictsToCome = count;
    }

    /// From now on one in `number` commits at once is refused, as if others were held up.
    public void refuseAtOnce(int number) {
        refusedOf = number;
    }

    /// The thread that made the last commit of a view.
    public String committer() {
        return committer;
    }

    /// Before each commit of a view `body` is done from now on, by who commits; none is made at
    /// once.
    public void beforeCommit(Runnable body) {
        beforeCommit = body;
    }

    /// From now on it is known how many rows lie in the ranges of scans. Returns how many did in
    /// the widest so far.
    public long measureScans() {
        return widest.getAndSet(0);
    }

    /// Rows whose keys hold `part` are not in memory from now on.
    public void keepAway(String part) {
        far = part;
    }

    private boolean isFar(Bytes key) {
        String part = far;
        return !part.isEmpty() && new String(key.toArray(), ISO_8859_1).contains(part);
    }

    @Override
    public long write(WriteBatch batch, Durability durability) {
        order.lock();
        try {
            return apply(batch);
        } finally {
            order.unlock();
        }
    }

    @Override
    public long writeIfUnchanged(ReadView basis, WriteBatch batch, @Nullable CommitHook hook) {
        beforeCommit.run();
        order.lock();
        try {
            committer = Thread.currentThread().getName();
            View view = (View) basis;
            if (0 < conflictsToCome--) throw new StorageException.Conflict("lost on purpose");
            for (Bytes key : view.read) {
                Version newest = rows.get(key);
                if (newest != null && view.seq < newest.seq)
                    throw new StorageException.Conflict("changed. key=`" + key + "`");
            }
            if (hook != null) hook.beforeCommit(batch);
            return apply(batch);
        } finally {
            order.unlock();
        }
    }

    @Override
    public OptionalLong writeIfUnchangedAtOnce(
            ReadView basis, WriteBatch batch, @Nullable CommitHook hook) {
        boolean isRefused = triedAtOnce.incrementAndGet() % refusedOf == 0;
        if (isRefused || beforeCommit != NOTHING) return OptionalLong.empty();
        return OptionalLong.of(writeIfUnchanged(basis, batch, hook));
    }

    private long apply(WriteBatch batch) {
        if (batch.isEmpty()) return applied;
        long seq = applied + 1;
        for (BatchCursor cursor = batch.cursor(); cursor.next(); ) {
            Bytes key = Bytes.copyOf(cursor.array(), cursor.keyOffset(), cursor.keyLength());
            Bytes value =
                    cursor.isDelete()
                            ? null
                            : Bytes.copyOf(
                                    cursor.array(), cursor.valueOffset(), cursor.valueLength());
            rows.compute(key, (_, older) -> new Version(seq, value, older));
        }
        applied = seq;
        if (!isHeld) local = seq;
        if (!isHeld && !isRemoteHeld) remote = seq;
        return seq;
    }

    @Override
    public ReadView view() {
        return new View(applied);
    }

    @Override
    public @Nullable Bytes get(Bytes key) {
        try (ReadView view = view()) {
            return view.get(key);
        }
    }

    @Override
    public Scan scan(KeyRange range, Order direction) {
        return view().scan(range, direction);
    }

    @Override
    public Watermarks watermarks() {
        long shipped = remote;
        return new Watermarks(applied, Math.max(local, shipped), shipped);
    }

    @Override
    public void hastenLocal(long seq) {
        hastened.accumulateAndGet(seq, Math::max);
    }

    @Override
    public boolean whenLocal(long seq, Runnable then) {
        forced.whenTrue(() -> seq <= watermarks().local(), then);
        return true;
    }

    /// The highest commit that was asked for to be soon on the local disk.
    public long hastened() {
        return hastened.get();
    }

    @Override
    public void awaitDurable(long seq, Durability durability, Duration timeout)
            throws InterruptedException {
        long left = timeout.toNanos();
        order.lockInterruptibly();
        try {
            while (watermarks().of(durability) < seq) {
                if (failure != null) throw failure;
                if (left <= 0) throw new StorageException.Unavailable("not durable in time", null);
                left = moved.awaitNanos(left);
            }
        } finally {
            order.unlock();
        }
    }

    @Override
    public Transaction begin(IsolationLevel level) {
        throw new UnsupportedOperationException("no command begins a transaction of the engine");
    }

    @Override
    public <T> T transact(IsolationLevel level, Durability durability, Transaction.Body<T> body) {
        throw new UnsupportedOperationException("no command begins a transaction of the engine");
    }

    @Override
    public void flush() {}

    @Override
    public void flushMemtables() {}

    @Override
    public DbStats stats() {
        return new DbStats(
                1,
                1,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                DbStats.Flushes.NONE,
                DbStats.Blocks.NONE,
                0,
                watermarks(),
                0,
                DbStats.Stalls.NONE,
                DbStats.Compactions.NONE,
                DbStats.Collections.NONE,
                DbStats.Memory.NONE,
                DbStats.Transactions.NONE,
                DbStats.Snapshots.NONE,
                DbStats.Filters.NONE,
                DbStats.Ingests.NONE,
                DbStats.Consumers.NONE,
                DbStats.Merges.NONE);
    }

    @Override
    public void close() {}

    private final class View implements ReadView {
        private final long seq;
        private final Set<Bytes> read = new HashSet<>();
        private long observed;
        private long lately;
        private boolean keepsToMemory;

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
        public long observedLately() {
            long taken = lately;
            lately = 0;
            return taken;
        }

        @Override
        public void keepToMemory() {
            keepsToMemory = true;
        }

        @Override
        public @Nullable Bytes get(Bytes key) {
            if (keepsToMemory && isFar(key)) throw new OutOfReach();
            read.add(key);
            return valueAt(rows.get(key));
        }

        private @Nullable Bytes valueAt(@Nullable Version newest) {
            Version version = newest == null ? null : newest.at(seq);
            if (version == null) return null;
            observed = Math.max(observed, version.seq);
            lately = Math.max(lately, version.seq);
            return version.value;
        }

        @Override
        public Scan scan(KeyRange range, Order direction) {
            NavigableMap<Bytes, Version> part = rows;
            if (!range.isEmpty() && range.start() != null) part = part.tailMap(range.start(), true);
            if (!range.isEmpty() && range.end() != null) part = part.headMap(range.end(), false);
            if (0 <= widest.get()) widest.accumulateAndGet(part.size(), Math::max);
            if (direction == Order.DESCENDING) part = part.descendingMap();
            return new Walk(range, part);
        }

        @Override
        public void close() {}

        private final class Walk implements Scan {
            private final KeyRange range;
            private final NavigableMap<Bytes, Version> part;
            private Iterator<Map.Entry<Bytes, Version>> entries;
            private Bytes key = Bytes.EMPTY;
            private Bytes value = Bytes.EMPTY;

            Walk(KeyRange range, NavigableMap<Bytes, Version> part) {
                this.range = range;
                this.part = part;
                this.entries = part.entrySet().iterator();
            }

            @Override
            public boolean next() {
                while (entries.hasNext()) {
                    Map.Entry<Bytes, Version> entry = entries.next();
                    if (!range.contains(entry.getKey())) continue;
                    Bytes found = valueAt(entry.getValue());
                    if (found == null) continue;
                    key = entry.getKey();
                    value = found;
                    return true;
                }
                return false;
            }

            @Override
            public Bytes key() {
                return key;
            }

            @Override
            public Bytes value() {
                return value;
            }

            @Override
            public void seek(Bytes target) {
                boolean isAhead = range.contains(target) && (key.isEmpty() || isBehind(target));
                if (isAhead) entries = part.tailMap(target, true).entrySet().iterator();
                else if (range.end() != null && 0 <= target.compareTo(range.end()))
                    entries = Collections.emptyIterator();
            }

            private boolean isBehind(Bytes target) {
                var comparator = part.comparator();
                return comparator == null
                        ? key.compareTo(target) < 0
                        : comparator.compare(key, target) < 0;
            }

            @Override
            public void close() {}
        }
    }
}

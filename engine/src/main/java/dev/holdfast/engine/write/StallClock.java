package dev.holdfast.engine.write;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbStats.Stalls;
import dev.holdfast.engine.api.DbStats.Waits;
import dev.holdfast.engine.event.WriteStallEvent;
import java.util.concurrent.atomic.LongAdder;

/// How often writers wait for room, and how long. Thread-safe.
final class StallClock {
    private final Env env;
    private final String database;
    private final LongAdder[] counts = adders();
    private final LongAdder[] nanos = adders();

    /// What there is too much of.
    enum Reason {
        /// Too much waits to become tables, or the shared memory is short: held up for moments.
        SLOWED,
        /// This database has too much that is not in tables.
        OWN_LIMIT,
        /// The shared memory is spent.
        MEMORY
    }

    StallClock(Env env, String database) {
        this.env = env;
        this.database = database;
    }

    private static LongAdder[] adders() {
        LongAdder[] adders = new LongAdder[Reason.values().length];
        for (int i = 0; i < adders.length; i++) adders[i] = new LongAdder();
        return adders;
    }

    /// A writer begins to wait. Whoever asks for it closes it, however the wait ends.
    Stall begin(Reason reason, long batchBytes) {
        return new Stall(reason, batchBytes);
    }

    /// One wait of one writer.
    final class Stall implements AutoCloseable {
        private final Reason reason;
        private final WriteStallEvent event = new WriteStallEvent();
        private final long start = env.nanoTime();

        private Stall(Reason reason, long batchBytes) {
            this.reason = reason;
            event.begin();
            event.batchBytes = batchBytes;
        }

        @Override
        public void close() {
            counts[reason.ordinal()].increment();
            nanos[reason.ordinal()].add(env.nanoTime() - start);
            event.end();
            if (!event.shouldCommit()) return;
            event.database = database;
            event.reason = reason.name();
            event.commit();
        }
    }

    /// All of them.
    Stalls stalls() {
        return new Stalls(waits(Reason.SLOWED), waits(Reason.OWN_LIMIT), waits(Reason.MEMORY));
    }

    private Waits waits(Reason reason) {
        return new Waits(counts[reason.ordinal()].sum(), nanos[reason.ordinal()].sum());
    }
}

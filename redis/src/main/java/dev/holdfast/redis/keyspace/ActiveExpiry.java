package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.ChangesMissing;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.OwnedElsewhere;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Removes keys whose time is over, a bounded number at a time, so that they do not take room until
/// somebody asks for them.
///
/// Follows the expiry rows, which stand in the order of time. A row says only where to look: the
/// meta row decides. Run by one thread.
public final class ActiveExpiry {
    private static final System.Logger LOG = System.getLogger(ActiveExpiry.class.getName());
    private static final int SWEEP_KEYS_MAX = 1_000;
    private static final int BATCH_KEYS_MAX = 100;
    private static final int SWEEPS_FROM_START = 100;
    private static final long LOOK_BACK_MILLIS = 60_000;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration PAUSE_FAILED = Duration.ofSeconds(30);

    private final Keyspaces keyspaces;
    private final Env env;
    private volatile BooleanSupplier isOn = () -> true;
    private long sweptToMillis = Long.MIN_VALUE;
    private long sweeps;

    public ActiveExpiry(Keyspaces keyspaces, Env env) {
        this.keyspaces = keyspaces;
        this.env = env;
    }

    /// Sweeps only while `isOn`.
    public ActiveExpiry whenever(BooleanSupplier isOn) {
        this.isOn = isOn;
        return this;
    }

    /// Sweeps again and again on a thread of its own, until a stop of `context`'s scope begins.
    /// Called again when such a stop was taken back.
    public Task start(StartContext context) {
        Token token = context.token().renewed().untilDrain();
        return context.fork("active expiry", () -> run(token));
    }

    private void run(Token token) throws InterruptedException {
        Duration pause = PAUSE;
        while (token.pause(jittered(pause)) == WaitResult.EXPIRED) pause = sweepOrPause();
    }

    private Duration sweepOrPause() throws InterruptedException {
        if (!isOn.getAsBoolean()) return PAUSE;
        try {
            return sweep() < SWEEP_KEYS_MAX ? PAUSE : Duration.ZERO;
        } catch (StorageException failure) {
            System.Logger.Level level =
                    switch (failure) {
                        case Unavailable _, Conflict _ -> System.Logger.Level.WARNING;
                        case CorruptData _ -> System.Logger.Level.ERROR;
                        case Closed _, Invalid _, OwnedElsewhere _, ChangesMissing _ ->
                                throw failure;
                    };
            LOG.log(level, "expired keys not removed, later again", failure);
            return PAUSE_FAILED;
        }
    }

    // So that servers which were started together do not sweep together.
    private Duration jittered(Duration pause) {
        long half = pause.toNanos() / 2;
        return half == 0
                ? pause
                : Duration.ofNanos(half + Math.floorMod(env.randomLong(), 2 * half));
    }

    /// Removes some keys that have expired by now, and returns how many expiry rows it settled.
    int sweep() throws InterruptedException {
        List<RowKeys.Expiry> due = due(env.currentTimeMillis());
        for (int i = 0; i < due.size(); i += BATCH_KEYS_MAX) {
            List<RowKeys.Expiry> batch = due.subList(i, Math.min(due.size(), i + BATCH_KEYS_MAX));
            keyspaces.execute(0, keyspace -> settle(keyspace, batch));
        }
        return due.size();
    }

    // Rows that were removed are passed over each time they are scanned: so the scan starts where
    // the
    // last one ended, less what clocks and slow commits may have brought in behind it, and now and
    // then at the very start.
    private List<RowKeys.Expiry> due(long nowMillis) {
        boolean fromStart = sweeps++ % SWEEPS_FROM_START == 0 || nowMillis < sweptToMillis;
        long fromMillis = fromStart ? Long.MIN_VALUE : sweptToMillis - LOOK_BACK_MILLIS;
        List<RowKeys.Expiry> due = new ArrayList<>();
        KeyRange range = RowKeys.expiries(fromMillis, nowMillis);
        try (ReadView view = keyspaces.db().view();
                Scan scan = view.scan(range)) {
            while (due.size() < SWEEP_KEYS_MAX && scan.next())
                due.add(RowKeys.decodeExpiry(scan.key()));
        }
        sweptToMillis = due.size() < SWEEP_KEYS_MAX ? nowMillis : due.getLast().atMillis();
        return due;
    }

    private static int settle(Keyspace keyspace, List<RowKeys.Expiry> batch) {
        for (RowKeys.Expiry expiry : batch) {
            int database = keyspace.execution().root().generations().indexOf(expiry.generation());
            if (database < 0) keyspace.execution().rows().delete(expiry.rowKey());
            else keyspace.in(database).settle(expiry);
        }
        return batch.size();
    }
}

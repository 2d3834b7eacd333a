package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.ReadView.OutOfReach;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.redis.keyspace.Keyspace.Copied;
import dev.holdfast.redis.keyspace.Keyspace.Passage;
import dev.holdfast.redis.keyspace.Onlookers.Party;
import dev.holdfast.redis.memory.AccessNotes;
import dev.holdfast.redis.memory.Allowance;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.DbKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The sixteen Redis databases that live in one Db. Thread-safe.
public final class Keyspaces {
    /// How many databases there are.
    public static final int COUNT = 16;

    private static final int FREE_TRIES = 3;
    private static final int IN_PASSING_TRIES = 8;
    private static final int AT_ONCE_TRIES = 2;
    private static final int IN_LINE_TRIES = 3;
    private static final Duration IN_LINE_WAIT = Duration.ofMillis(4);
    private static final int QUEUED_TRIES = 1000;
    private static final long COPIED_AT_ONCE = 256 << 10;

    // Less than the engine takes: a batch that is refused after the hook has counted it would leave
    // the counts wrong.
    private static final int BATCH_BYTES_MAX = (512 << 20) - (64 << 10);

    private final Db db;
    private final Env env;
    private final Figures figures;
    private final Allowance allowance;
    private final AccessNotes accesses;
    private final Stripes stripes;
    private final RootCache roots = new RootCache();
    private volatile Onlookers onlookers = Onlookers.NONE;
    private volatile Supplier<@Nullable String> busy = () -> null;

    /// What runs have found and removed since the start.
    ///
    /// @param hits keys that a run which only read looked for and found
    /// @param misses keys that it did not find
    /// @param expired keys that were removed because their time was over
    public record Traffic(LongAdder hits, LongAdder misses, LongAdder expired) {
        Traffic() {
            this(new LongAdder(), new LongAdder(), new LongAdder());
        }

        /// Starts over.
        public void reset() {
            hits.reset();
            misses.reset();
            expired.reset();
        }
    }

    private Keyspaces(Db db, Env env, Figures figures, Allowance allowance) {
        this.allowance = allowance;
        this.stripes = new Stripes();
        this.db = db;
        this.env = env;
        this.figures = figures;
        accesses = AccessNotes.ofServer(env);
    }

    /// The databases in `db`; makes them if there are none. Nobody else may write to their rows.
    /// Throws `Invalid` if the rows are of an encoding that this code does not know, or if
    /// something else stands in their place.
    public static Keyspaces open(Db db, Env env) {
        return open(db, env, Allowance.ofHeap());
    }

    /// Like the other, with a bound of its own for what runs hold in memory.
    public static Keyspaces open(Db db, Env env, Allowance allowance) {
        Bytes root = db.get(RowKeys.ROOT);
        if (root == null) create(db, env);
        else Root.decode(root);
        return new Keyspaces(db, env, Figures.load(db), allowance);
    }

    private static void create(Db db, Env env) {
        try (Scan scan = db.scan(RowKeys.all())) {
            if (scan.next())
                throw new StorageException.Invalid(
                        "not a redis database. row=`" + scan.key() + "`", null);
        }
        ByteBuffer seed = ByteBuffer.allocate(Root.SEED_BYTES);
        seed.putLong(env.randomLong()).putLong(env.randomLong());
        Bytes root = Root.first(Bytes.wrap(seed.array())).encode();
        db.write(new WriteBatch().put(RowKeys.ROOT, root), Durability.MEMORY);
    }

    /// Runs `body` on `database` and commits what it wrote, as one. If another run wrote meanwhile
    /// what this one looked at, `body` runs again, on the database as it stands then.
    ///
    /// If `body` throws a `RespError`, nothing is committed and the result is what `refused` makes
    /// of it, as it makes of the error that says why not to wait for others. Waits for no
    /// durability: that is the caller's, with [Executed#seq], also of an error, which may tell what
    /// was observed.
    public <T extends @Nullable Object> Executed<T> execute(
            int database, Function<Keyspace, T> body, Function<RespError, T> refused)
            throws InterruptedException {
        return serving(new Run<>(database, body, refused), busy);
    }

    private <T extends @Nullable Object> Executed<T> serving(
            Run<T> run, Supplier<@Nullable String> impatience) throws InterruptedException {
        try {
            return execute(run, impatience);
        } finally {
            serve(run.passedOver);
        }
    }

    private <T extends @Nullable Object> Executed<T> execute(
            Run<T> run, Supplier<@Nullable String> impatience) throws InterruptedException {
        for (int i = 0; i < FREE_TRIES && !run.linesUp; i++) {
            Executed<T> executed = attempt(run);
            if (executed != null) return executed;
        }
        for (int i = 0; i < QUEUED_TRIES; i++) {
            try (Stripes.Held held = stripes.lock(run.touched, impatience)) {
                run.held = held;
                Executed<T> executed = attempt(run);
                if (executed != null) return executed;
            } catch (RespError tooBusy) {
                return new Executed<>(run.refused.apply(tooBusy), 0);
            }
        }
        throw new Conflict("run gave up. tries=`" + (FREE_TRIES + QUEUED_TRIES) + "`");
    }

    /// Runs `body` on the first database and commits what it wrote, as one, without waiting for a
    /// store, and for other runs at most a moment. Null if that could not be: then nothing was
    /// done.
    ///
    /// If `body` throws a `RespError`, the result is what `refused` makes of it.
    public <T extends @Nullable Object> @Nullable Executed<T> executeInPassing(
            Function<Keyspace, T> body, Function<RespError, T> refused)
            throws InterruptedException {
        var run = new Run<>(0, body, refused);
        run.isInPassing = true;
        try {
            Executed<T> executed = null;
            for (int i = 0; executed == null && !run.linesUp && i < IN_PASSING_TRIES; i++)
                executed = attempt(run);
            if (executed == null) executed = attemptInLine(run);
            return executed;
        } catch (OutOfReach _) {
            return null;
        } finally {
            serve(run.passedOver);
        }
    }

    /// Like [#executeInPassing], without waiting for anything: for a thread that must not. `body`
    /// looks at single rows alone: a scan ends the attempt. Null if that could not be: then nothing
    /// was done.
    public <T extends @Nullable Object> @Nullable Executed<T> executeAtOnce(
            Function<Keyspace, T> body, Function<RespError, T> refused) {
        var run = new Run<>(0, body, refused);
        run.isInPassing = true;
        run.isAtOnce = true;
        try {
            Executed<T> executed = null;
            for (int i = 0; executed == null && !run.linesUp && i < AT_ONCE_TRIES; i++)
                executed = attempt(run);
            return executed;
        } catch (OutOfReach _) {
            return null;
        } finally {
            if (!run.passedOver.isEmpty()) serveApart(run.passedOver);
        }
    }

    // By a thread of its own. Whatever breaks, who waits for them hears of it.
    private void serveApart(Set<DbKey> keys) {
        Throwable broken =
                Task.attempt(() ->
                        env.start(
                                "keys that somebody waits for",
                                () -> refuseIfBroken(keys, Task.attempt(() -> serve(keys)))));
        refuseIfBroken(keys, broken);
    }

    private void refuseIfBroken(Set<DbKey> keys, @Nullable Throwable broken) {
        if (broken != null)
            onlookers.cannotServe(
                    keys, new StorageException.Unavailable("not served: " + broken, broken));
    }

    /// Runs `body`, which only looks at single keys, on the first database, without waiting for
    /// anything: for a thread that must not. Null if that could not be: then nothing was done.
    ///
    /// If `body` throws a `RespError`, the result is what `refused` makes of it.
    public <T extends @Nullable Object> @Nullable Executed<T> lookInPassing(
            Function<Keyspace, T> body, Function<RespError, T> refused) {
        try (ReadView view = db.view();
                Allowance.Share share = allowance.share()) {
            view.keepToMemory(); // before the first look at it
            var sight = new Execution.Sight(view, share, this::newestSeq, accesses);
            var execution = new Execution(env, figures, roots, sight);
            execution.goInPassing();
            execution.refuseScans();
            T result;
            try {
                result = body.apply(new Keyspace(execution, onlookers, 0));
            } catch (RespError error) {
                result = refused.apply(error);
            }
            if (!execution.isReadOnly()) return null;
            tell(execution);
            execution.end(view.observedSeq());
            return new Executed<>(result, view.observedSeq());
        } catch (OutOfReach _) {
            return null;
        }
    }

    // Who stands in line holds a lock for one run, mostly a short one. Left to itself, each call
    // would stand there too.
    private <T extends @Nullable Object> @Nullable Executed<T> attemptInLine(Run<T> run)
            throws InterruptedException {
        for (int i = 0; i < IN_LINE_TRIES; i++) {
            var deadline = Deadline.after(env, IN_LINE_WAIT);
            try (Stripes.Held held = stripes.lockSoon(run.touched, deadline)) {
                if (held == null) return null;
                run.held = held;
                run.linesUp = false;
                Executed<T> executed = attempt(run);
                if (executed != null) return executed;
            }
        }
        return null;
    }

    /// Has those looked after who wait for `keys`, as if these had just been changed.
    public void serve(Set<DbKey> keys) throws InterruptedException {
        Set<DbKey> left = keys;
        try {
            while (!left.isEmpty()) {
                Set<DbKey> looked = left;
                var run = new Run<>(0, keyspace -> touch(keyspace, looked), _ -> looked.size());
                execute(run, () -> null);
                left = run.passedOver;
            }
        } catch (StorageException failure) {
            onlookers.cannotServe(left, failure);
        }
    }

    private static int touch(Keyspace keyspace, Set<DbKey> keys) {
        keys.forEach(keyspace.execution()::changed);
        return keys.size();
    }

    /// From now on nobody waits for keys while `busy` says why.
    public void busyWhen(Supplier<@Nullable String> busy) {
        this.busy = busy;
    }

    /// From now on `onlookers` take part in each run.
    public void lookedOnBy(Onlookers onlookers) {
        this.onlookers = onlookers;
    }

    /// Like the other, but a `RespError` goes to the caller, and the run waits however busy others
    /// are.
    public <T extends @Nullable Object> Executed<T> execute(
            int database, Function<Keyspace, T> body) throws InterruptedException {
        Function<RespError, T> thrown =
                error -> {
                    throw error;
                };
        return serving(new Run<>(database, body, thrown), () -> null);
    }

    /// What `body` finds in `database` as `reads` show it, without a Db: to look at a database that
    /// another process has open. What `body` writes is dropped. Throws `Invalid` if there are no
    /// Redis databases in it.
    public static <T> T look(Reads reads, Env env, int database, Function<Keyspace, T> body) {
        if (reads.get(RowKeys.ROOT) == null)
            throw new StorageException.Invalid(
                    "no redis databases here: it has keys and values alone, or nothing", null);
        try (Allowance.Share share = Allowance.UNBOUNDED.share()) {
            var sight =
                    new Execution.Sight(new Look(reads), share, _ -> 0, AccessNotes.ofVisitor(env));
            var execution = new Execution(env, Figures.load(reads), new RootCache(), sight);
            return body.apply(new Keyspace(execution, Onlookers.NONE, database));
        }
    }

    /// `database` as it is now, to be looked at for a while. To be closed: it holds memory and
    /// tables. What is written to it is dropped.
    public Sight sight(int database) {
        return new Sight(database);
    }

    /// One database at one moment.
    public final class Sight implements AutoCloseable {
        private final ReadView view = db.view();
        private final Allowance.Share share = allowance.share();
        private final int database;
        private @Nullable Execution execution;

        private Sight(int database) {
            this.database = database;
        }

        /// What it shows. Asked once.
        public Keyspace keyspace() {
            var seen = new Execution.Sight(view, share, Keyspaces.this::newestSeq, accesses);
            execution = new Execution(env, figures, roots, seen);
            return new Keyspace(execution, onlookers, database);
        }

        /// The sequence number that must be durable before anything is told of what was read so
        /// far.
        public long seq() {
            return view.observedSeq();
        }

        /// Tells those who listen which keys were looked for in vain.
        public void tellMisses() {
            if (execution != null) execution.end(view.observedSeq());
        }

        @Override
        public void close() {
            if (execution != null) tell(execution);
            share.close();
            view.close();
        }
    }

    /// Copies the data rows of the value at the source of `passage` beneath its target, in commits
    /// of bounded size. Nobody sees them until a run names them: [Keyspace#copy] does, if it is
    /// told of them and both keys still stand as they stood. Otherwise they are to be [given
    /// up][#giveUp].
    public Copied copyAhead(int database, Passage passage) throws InterruptedException {
        long version = figures.takeVersion();
        try (Sight sight = sight(database)) {
            Keyspace seen = sight.keyspace();
            Keyspace target = seen.in(passage.targetDatabase());
            var copied =
                    new Copied(
                            seen.watch(passage.source()),
                            target.watch(passage.target()),
                            version,
                            new AtomicBoolean());
            Meta meta = seen.find(passage.source());
            if (meta == null || !meta.hasRows()) return copied;
            var ahead = new CopyAhead();
            Bytes prefix = target.prefixOf(passage.target(), version);
            seen.rowsOfCopy(passage.source(), meta, prefix, ahead::take);
            ahead.commit();
            return copied;
        }
    }

    /// Gives up rows that were copied in vain.
    public void giveUp(Copied copied) throws InterruptedException {
        execute(
                copied.target().database(),
                keyspace -> {
                    keyspace.giveUp(copied.target().key(), copied.version());
                    return copied;
                });
    }

    /// Rows that no meta row names, gathered and committed a few at a time.
    private final class CopyAhead {
        private WriteBatch batch = new WriteBatch();

        void take(Bytes rowKey, Bytes value) {
            batch.put(rowKey, value);
            if (COPIED_AT_ONCE < batch.bytes()) commit();
        }

        // The view has looked at nothing, so nothing can have changed under it.
        void commit() {
            var changes = new Figures.Changes();
            changes.useVersion();
            try (ReadView view = db.view()) {
                db.writeIfUnchanged(view, batch, more -> figures.apply(changes, more));
            }
            batch = new WriteBatch();
        }
    }

    /// True if `key` is not longer than any that can be kept.
    public static boolean takes(Bytes key) {
        return RowKeys.meta(0, 0, key) != null;
    }

    /// How many keys `database` holds.
    public KeyCount keyCount(int database) throws InterruptedException {
        return execute(database, Keyspace::count).result();
    }

    Db db() {
        return db;
    }

    // Null if another run won the race, or if those who lost it before stand in line.
    private <T extends @Nullable Object> @Nullable Executed<T> attempt(Run<T> run) {
        Party party = Party.EMPTY;
        boolean isOver = false;
        try (ReadView view = db.view();
                Allowance.Share share = allowance.share()) {
            var sight =
                    new Execution.Sight(
                            view, share, this::newestSeq, rowKey -> lineUp(run, rowKey), accesses);
            var execution = new Execution(env, figures, roots, sight);
            if (run.isInPassing) execution.goInPassing();
            if (run.isAtOnce) execution.refuseScans();
            var keyspace = new Keyspace(execution, onlookers, run.database);
            T result;
            try {
                result = run.body.apply(keyspace);
            } catch (RespError error) {
                isOver = true;
                return new Executed<>(run.refused.apply(error), view.observedSeq());
            }
            if (execution.hasChanged()) party = onlookers.join(keyspace, run.passedOver);
            long seq = view.observedSeq();
            if (!execution.isReadOnly()) {
                run.touched = Stripes.of(execution.touched());
                if (stripes.areTaken(run.touched)) {
                    run.linesUp = true;
                    return null;
                }
                run.isCommitting = true;
                seq = Math.max(seq, commit(run, view, execution));
                stripes.won(run.touched);
            }
            isOver = true;
            tell(execution);
            execution.end(seq);
            run.passedOver.addAll(party.committed(seq));
            return new Executed<>(result, seq);
        } catch (Conflict lost) {
            if (run.isCommitting && !run.isInPassing) stripes.lost(run.touched);
            return null;
        } finally {
            run.isCommitting = false;
            if (!isOver) run.passedOver.addAll(party.dropped());
        }
    }

    /// What runs hold in memory of what they have read and want written, but for small ones.
    public long heldBytes() {
        return allowance.claimed();
    }

    /// What runs have found and removed since the start.
    public Traffic traffic() {
        return figures.traffic();
    }

    // Where runs lose races all the time, one that means to write waits for its turn before it has
    // done much in vain. Once: if it has to stand in line again, then for all that it touches.
    private void lineUp(Run<?> run, Bytes rowKey) {
        int stripe = Stripes.of(rowKey);
        if (run.held != null || run.isInPassing || !stripes.isContended(stripe)) return;
        run.touched.set(stripe);
        run.linesUp = true;
        throw new Conflict("others write to the same key");
    }

    private void tell(Execution execution) {
        execution.countFound();
        if (execution.isReadOnly()) return;
        onlookers.changed(execution.allChanged(), execution.author());
        if (execution.isEmptied()) onlookers.emptied();
    }

    private long commit(Run<?> run, ReadView view, Execution execution) {
        WriteBatch batch = execution.rows().toBatch();
        if (BATCH_BYTES_MAX < batch.bytes())
            throw new StorageException.Invalid(
                    "batch too large. bytes=`" + batch.bytes() + "`", null);
        long seq =
                run.isAtOnce
                        ? db.writeIfUnchangedAtOnce(view, batch, execution.hook())
                                .orElseThrow(OutOfReach::new)
                        : db.writeIfUnchanged(view, batch, execution.hook());
        return Math.max(seq, view.observedSeq());
    }

    // A view of its own, which shows nothing but this row.
    private long newestSeq(Bytes rowKey) {
        if (rowKey.isEmpty()) return 0;
        try (ReadView view = db.view()) {
            view.get(rowKey);
            return view.observedSeq();
        }
    }

    private static final class Run<T extends @Nullable Object> {
        private final int database;
        private final Function<Keyspace, T> body;
        private final Function<RespError, T> refused;
        private final Set<DbKey> passedOver = new LinkedHashSet<>();
        private BitSet touched = new BitSet();
        private Stripes.@Nullable Held held;
        private boolean linesUp;
        private boolean isCommitting;
        private boolean isInPassing;
        private boolean isAtOnce;

        Run(int database, Function<Keyspace, T> body, Function<RespError, T> refused) {
            this.database = database;
            this.body = body;
            this.refused = refused;
        }
    }
}

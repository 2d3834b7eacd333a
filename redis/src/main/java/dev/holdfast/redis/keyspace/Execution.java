package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.CommitHook;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.ReadView.OutOfReach;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.redis.memory.AccessNotes;
import dev.holdfast.redis.memory.Allowance;
import dev.holdfast.redis.outline.Outline;
import dev.holdfast.redis.outline.Outlines;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.DbKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// One run over all databases: what it read of one view, and what it wants written. Not
/// thread-safe.
final class Execution {
    private static final int EXPECTED_MAX = 16; // a power of two
    private static final long IN_PASSING_BYTES_MAX = 64 * 1024; // of one value

    private final Env env;
    private final Figures figures;
    private final Outlines outlines;
    private final Outlines.Changes outlined = new Outlines.Changes();
    private final ReadView view;
    private final StagedRows rows;
    private final Map<Bytes, Known> known = new HashMap<>(); // by the key of the meta row
    private @Nullable Bytes lastKey; // that was asked for in `known`
    private @Nullable Known lastKnown;
    private final @Nullable Named[] named = new Named[EXPECTED_MAX]; // keys, as they are looked for
    private int lastNamed = EXPECTED_MAX - 1; // the place of the one that was
    private final Sight sight;
    private final List<LongConsumer> afterwards = new ArrayList<>();
    private List<DbKey> changed = new ArrayList<>();
    private List<DbKey> changedBefore = List.of(); // and taken note of
    private int noted; // how often note was taken
    private boolean isEmptied;
    private boolean isWriting;
    private boolean isOfCalls;
    private boolean isInPassing;
    private boolean wentByKept; // an outline that this run did not make
    private final Found found = new Found();
    private Keyspace.@Nullable Copied copied;
    private long author;
    private Figures.Changes changes = new Figures.Changes();
    private final long nowMillis;
    private final long rootSeq;
    private final KeyHash hash;
    private Root root;

    /// What a run sees, and how much of it it may hold.
    ///
    /// @param newestSeq the sequence number of the newest row of a key, whatever the view shows
    /// @param mayWrite asked of each meta row that a run looks at which means to write: may throw
    ///   `Conflict`, so that the run is over before it has done much in vain
    /// @param accesses takes note of the keys that it looks for
    record Sight(
            ReadView view,
            Allowance.Share share,
            ToLongFunction<Bytes> newestSeq,
            Consumer<Bytes> mayWrite,
            AccessNotes accesses) {
        /// Of a run that nobody gets in the way of.
        Sight(
                ReadView view,
                Allowance.Share share,
                ToLongFunction<Bytes> newestSeq,
                AccessNotes accesses) {
            this(view, share, newestSeq, _ -> {}, accesses);
        }
    }

    /// What is known of a key.
    private static final class Known {
        private @Nullable Meta meta;
        private int changedAfter = -1; // so many notes; less than 0 if not at all

        Known(@Nullable Meta meta) {
            this.meta = meta;
        }
    }

    /// A key of one generation.
    ///
    /// @param metaKey null if it is too long to be kept
    private record Named(int generation, Bytes key, @Nullable Bytes metaKey) {
        boolean is(int generation, Bytes key) {
            return this.key == key && this.generation == generation;
        }
    }

    /// What one call of several has looked for.
    private static final class Found {
        private long hits;
        private long misses;
        private @Nullable Bytes last;

        // Of one key in a row only the first look counts.
        void note(Bytes metaKey, @Nullable Meta there) {
            if (metaKey.equals(last)) return;
            last = metaKey;
            if (there == null) misses++;
            else hits++;
        }
    }

    Execution(Env env, Figures figures, RootCache roots, Sight sight) {
        this.sight = sight;
        this.env = env;
        this.figures = figures;
        this.outlines = figures.outlines();
        this.view = sight.view;
        this.rows = new StagedRows(view, sight.share);
        this.nowMillis = env.currentTimeMillis();
        // Read by `get`, so that a run whose generation was dropped meanwhile does not commit.
        Bytes encoded = view.get(RowKeys.ROOT);
        if (encoded == null) throw new StorageException.CorruptData("redis root row missing", null);
        rootSeq = view.observedLately();
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

    /// The key of the meta row of `key`, or null if it is longer than any that can be kept.
    @Nullable Bytes metaKey(int generation, Bytes key) {
        Named last = named[lastNamed];
        if (last != null && last.is(generation, key)) return last.metaKey;
        int following = lastNamed + 1 & EXPECTED_MAX - 1;
        Named next = named[following];
        if (next != null && next.is(generation, key)) lastNamed = following;
        else named[lastNamed] = next = named(generation, key);
        return next.metaKey;
    }

    private Named named(int generation, Bytes key) {
        return new Named(generation, key, RowKeys.meta(generation, hash.of(key), key));
    }

    /// `keys` of `generation` will be looked for soon, in this order: a hint.
    void expect(int generation, List<Bytes> keys) {
        int count = Math.min(EXPECTED_MAX, keys.size());
        List<Bytes> metaKeys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Named next = named(generation, keys.get(i));
            named[i] = next;
            if (next.metaKey != null) metaKeys.add(next.metaKey);
        }
        lastNamed = EXPECTED_MAX - 1;
        view.expect(metaKeys);
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

    /// Does `part`. If it throws a `RespError` or `OutOfReach`, what it staged is given up, and
    /// nothing else.
    <T extends @Nullable Object> T guarded(Supplier<T> part) {
        if (isUntouched()) return guardedAtFirst(part);
        Figures.Changes changesBefore = changes.copy();
        Root rootBefore = root;
        int afterwardsBefore = afterwards.size();
        Map<Bytes, Optional<Outline>> outlinedBefore = outlined.mark();
        rows.mark();
        try {
            T result = part.get();
            rows.unmark();
            return result;
        } catch (RespError | OutOfReach error) {
            rows.backToMark();
            forget();
            outlined.backTo(outlinedBefore);
            changes = changesBefore;
            root = rootBefore;
            afterwards.subList(afterwardsBefore, afterwards.size()).clear();
            throw error;
        }
    }

    // Where nothing was staged before, there is nothing to note.
    private <T extends @Nullable Object> T guardedAtFirst(Supplier<T> part) {
        Root rootBefore = root;
        Map<Bytes, Optional<Outline>> outlinedBefore = outlined.mark();
        try {
            return part.get();
        } catch (RespError | OutOfReach error) {
            rows.clear();
            forget();
            outlined.backTo(outlinedBefore);
            changes = new Figures.Changes();
            root = rootBefore;
            afterwards.clear();
            throw error;
        }
    }

    private boolean isUntouched() {
        return rows.isEmpty() && !rows.isMarked() && changes.isEmpty() && afterwards.isEmpty();
    }

    /// Does `part`, which is one of several calls: like [#guarded]. What it looks for counts by
    /// itself, if it writes nothing.
    <T extends @Nullable Object> T call(Supplier<T> part) {
        isOfCalls = true;
        isWriting = false;
        // What another call has looked up is looked up again, so that each knows what it has seen.
        if (isInPassing && rows.isEmpty()) forget();
        found.last = null;
        long hits = found.hits;
        long misses = found.misses;
        long changesBefore = rows.changes();
        T result = guarded(part);
        if (rows.changes() != changesBefore) {
            found.hits = hits;
            found.misses = misses;
        }
        return result;
    }

    /// From now on the run waits for nothing and holds little at a time: what cannot be done so
    /// throws `OutOfReach`.
    void goInPassing() {
        isInPassing = true;
        view.keepToMemory();
    }

    /// From now on the run looks at single rows alone: a scan throws `OutOfReach`.
    void refuseScans() {
        rows.refuseScans();
    }

    /// The highest sequence number of what was looked at since this was asked last.
    long observedLately() {
        return Math.max(rootSeq, view.observedLately());
    }

    /// The run means to write from now on.
    void writing() {
        isWriting = true;
    }

    /// Counts what was looked for, by whether it was there.
    void countFound() {
        if (isOfCalls) {
            figures.traffic().hits().add(found.hits);
            figures.traffic().misses().add(found.misses);
            return;
        }
        if (!isReadOnly()) return;
        int there = 0;
        for (Known each : known.values()) if (isThere(each.meta)) there++;
        if (0 < there) figures.traffic().hits().add(there);
        if (there < known.size()) figures.traffic().misses().add(known.size() - there);
    }

    /// Notes that a key will be gone because its time is over.
    void expired() {
        afterwards.add(_ -> figures.traffic().expired().increment());
    }

    /// Notes that `key` was changed.
    void changed(DbKey key) {
        changed.add(key);
    }

    /// Notes that `key` of `database`, whose meta row was looked at, was changed.
    void changed(Bytes metaKey, int database, Bytes key) {
        Known there = known(metaKey);
        if (there != null && there.changedAfter == noted) return;
        changed.add(new DbKey(database, key));
        if (there != null) there.changedAfter = noted;
    }

    /// True if a key was changed and nobody has taken note of it.
    boolean hasChanged() {
        return !changed.isEmpty();
    }

    /// The keys that were changed since this was asked last, some perhaps more than once.
    List<DbKey> takeChanged() {
        List<DbKey> taken = changed;
        changedBefore = allChanged();
        changed = new ArrayList<>();
        noted++;
        return taken;
    }

    /// All keys that were changed, some perhaps more than once.
    List<DbKey> allChanged() {
        if (changedBefore.isEmpty()) return changed;
        if (changed.isEmpty()) return changedBefore;
        List<DbKey> all = new ArrayList<>(changedBefore);
        all.addAll(changed);
        return all;
    }

    /// Notes that whole databases were emptied, or put in the place of others.
    void emptied() {
        isEmptied = true;
    }

    boolean isEmptied() {
        return isEmptied;
    }

    /// Whatever the run changes, `author` changes it.
    void by(long author) {
        this.author = author;
    }

    /// The number of the client that the run belongs to; 0 if to none.
    long author() {
        return author;
    }

    /// Has `what` done with the run's sequence number if it commits.
    void afterwards(LongConsumer what) {
        afterwards.add(what);
    }

    /// The run has come to its end at `seq`.
    void end(long seq) {
        for (LongConsumer what : afterwards) what.accept(seq);
    }

    /// Rows that were copied beforehand are these.
    void use(Keyspace.Copied ahead) {
        copied = ahead;
    }

    /// Rows that were copied beforehand; null if there are none.
    Keyspace.@Nullable Copied copied() {
        return copied;
    }

    /// When keys were last in use.
    AccessNotes accesses() {
        return sight.accesses;
    }

    /// The last commit that the run sees.
    long viewSeq() {
        return view.seq();
    }

    long newestSeq(Bytes rowKey) {
        return sight.newestSeq.applyAsLong(rowKey);
    }

    /// Notes that the run holds so many bytes more. An error if that is too much.
    void hold(long bytes) {
        if (isInPassing && IN_PASSING_BYTES_MAX < bytes) throw new OutOfReach();
        sight.share.hold(bytes);
    }

    /// How many bytes the run holds.
    long held() {
        return sight.share.held();
    }

    long takeVersion() {
        changes.useVersion();
        return figures.takeVersion();
    }

    /// What the meta row holds, whether expired or not.
    @Nullable Meta meta(Bytes metaKey) {
        Known there = known(metaKey);
        Meta meta = there == null ? look(metaKey) : there.meta;
        if (isOfCalls) found.note(metaKey, isThere(meta) ? meta : null);
        return meta;
    }

    private boolean isThere(@Nullable Meta meta) {
        return meta != null && !meta.isExpired(nowMillis);
    }

    private @Nullable Meta look(Bytes metaKey) {
        if (isWriting) sight.mayWrite.accept(metaKey);
        Bytes encoded = rows.get(metaKey);
        boolean isThere = encoded != null && !Meta.isGone(encoded);
        Meta meta = isThere ? Meta.decode(encoded) : null;
        know(metaKey, meta);
        return meta;
    }

    void putMeta(Bytes metaKey, Meta meta) {
        know(metaKey, meta);
        rows.put(metaKey, meta.encode());
    }

    /// Has the key of `metaKey`, which holds `old`, exist no more.
    void deleteMeta(Bytes metaKey, Meta old) {
        know(metaKey, null);
        if (old.hasRows()) rows.put(metaKey, Meta.gone(old.rows().version()));
        else rows.delete(metaKey);
    }

    private void know(Bytes metaKey, @Nullable Meta meta) {
        Known there = known(metaKey);
        if (there == null) {
            lastKnown = new Known(meta);
            known.put(metaKey, lastKnown);
        } else {
            there.meta = meta;
        }
    }

    // One key is asked for several times in a row.
    private @Nullable Known known(Bytes metaKey) {
        if (lastKey != metaKey) {
            lastKnown = known.get(metaKey);
            lastKey = metaKey;
        }
        return lastKnown;
    }

    private void forget() {
        known.clear();
        lastKey = null;
        lastKnown = null;
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
        rows.requireScans();
        KeyCount stored = KeyCount.NONE;
        Bytes rowKey = RowKeys.counts(generation);
        try (Scan scan = view.scan(KeyRange.prefix(rowKey))) {
            if (scan.next()) stored = Figures.decode(scan.value());
        }
        return stored.plus(changes.of(generation));
    }

    /// The meta rows that were looked at, and so may be fought over.
    Set<Bytes> touched() {
        return known.keySet();
    }

    boolean isReadOnly() {
        return rows.isEmpty();
    }

    /// The outline called `id`, as the run has left it; null if it is not known.
    @Nullable Outline outline(Bytes id) {
        Optional<Outline> own = outlined.of(id);
        if (own != null) return own.orElse(null);
        Outline kept = outlines.find(id);
        wentByKept |= kept != null;
        return kept;
    }

    /// Notes that the outline called `id` was missed, and tells how often it was.
    int outlineMissed(Bytes id) {
        return outlines.missed(id);
    }

    /// Notes that the outline called `id` was made anew.
    void outlineMade(Bytes id) {
        outlines.made(id);
    }

    /// From now on, if the run commits, `outline` is the one called `id`; null if it is not known.
    void outline(Bytes id, @Nullable Outline outline) {
        if (outline == null) outlined.forget(id);
        else outlined.put(id, outline);
    }

    /// Forgets the outline called `id` for all runs, and tells whether the run may have gone by
    /// what a later run than it sees has left.
    boolean dropOutline(Bytes id) {
        outlines.drop(id);
        outlined.forget(id);
        return wentByKept;
    }

    @Nullable CommitHook hook() {
        if (changes.isEmpty() && outlined.isEmpty()) return null;
        return batch -> {
            figures.apply(changes, batch);
            outlines.commit(outlined);
        };
    }
}

package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.DbKey;
import dev.holdfast.redis.signal.EventKind;
import dev.holdfast.redis.signal.KeyEvent;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One Redis database as one run sees it: reads come from one view, writes gather in one batch and
/// are seen by later reads of the run.
///
/// Invariants:
/// 1. Whoever changes a data row of a key writes its meta row too, so that the meta row alone tells
///    whether the value was changed meanwhile.
/// 2. A key whose time is over does not exist, whether its rows are still there or not.
///
/// Not thread-safe: it belongs to the run.
public final class Keyspace {
    private static final int RANDOM_TRIES_MAX = 1000;
    private static final long SCANNED_MAX = 1 << 17;
    private static final long COPIED_BYTES_MAX = 256L << 20;
    private static final String TOO_LARGE = RespError.OUT_OF_MEMORY + "value too large for one run";

    /// What [#copy] answers with where rows that were copied beforehand are of no use any more.
    public static final String CHANGED_MEANWHILE =
            "TRYAGAIN the value was changed while it was copied, nothing was done";

    private final Execution execution;
    private final Onlookers onlookers;
    private final int database;
    private final Regard regard;
    private final Misses misses;

    /// Whether looking for a key counts as using it.
    private enum Regard {
        USE,
        GLANCE
    }

    /// Whether it is told that a key was looked for in vain.
    private enum Misses {
        KEPT,
        TOLD
    }

    Keyspace(Execution execution, Onlookers onlookers, int database) {
        this(execution, onlookers, database, Regard.USE, Misses.KEPT);
    }

    private Keyspace(
            Execution execution, Onlookers onlookers, int database, Regard regard, Misses misses) {
        this.execution = execution;
        this.onlookers = onlookers;
        this.database = Objects.checkIndex(database, Keyspaces.COUNT);
        this.regard = regard;
        this.misses = misses;
    }

    /// Which of the databases this is.
    public int database() {
        return database;
    }

    /// Another database in the same run.
    public Keyspace in(int other) {
        return other == database ? this : new Keyspace(execution, onlookers, other, regard, misses);
    }

    /// The same, but looking for a key does not count as using it.
    public Keyspace aside() {
        return new Keyspace(execution, onlookers, database, Regard.GLANCE, misses);
    }

    /// The same, and a key that is looked for in vain is told to those who listen.
    public Keyspace reading() {
        if (!onlookers.wants(EventKind.MISS)) return this;
        return new Keyspace(execution, onlookers, database, regard, Misses.TOLD);
    }

    /// The same, and a key that is looked for in vain is told to nobody.
    public Keyspace quiet() {
        return new Keyspace(execution, onlookers, database, regard, Misses.KEPT);
    }

    /// The same, and looking for a key counts as using it.
    public Keyspace inUse() {
        return new Keyspace(execution, onlookers, database, Regard.USE, misses);
    }

    /// The same, with whatever the run changes changed by the client called `author`.
    public Keyspace by(long author) {
        execution.by(author);
        return this;
    }

    /// Notes that the run holds so many bytes more of what it has read; an error if too much.
    public void hold(long bytes) {
        execution.hold(bytes);
    }

    /// How many bytes the run holds.
    public long held() {
        return execution.held();
    }

    /// The time of the run, in milliseconds since the Unix epoch: one for all that it does.
    public long nowMillis() {
        return execution.nowMillis();
    }

    /// `keys` will be looked for soon, in this order: a hint.
    public void expect(List<Bytes> keys) {
        execution.expect(generation(), keys);
    }

    /// What is known of `key` without its data rows; null if it does not exist.
    public @Nullable Meta find(Bytes key) {
        Bytes metaKey = metaKey(key);
        Meta meta = metaKey == null ? null : execution.meta(metaKey);
        if (meta == null || meta.isExpired(nowMillis())) {
            if (misses == Misses.TOLD) event(EventKind.MISS, "keymiss", key);
            return null;
        }
        if (regard == Regard.USE) execution.accesses().used(metaKey);
        return meta;
    }

    /// For how many seconds `key`, which exists, was in nobody's use, as far as that is known.
    public long idleSeconds(Bytes key) {
        return execution.accesses().idleSeconds(writableMetaKey(key));
    }

    /// Once the run has committed, `key` counts as last used so many seconds ago.
    public void usedBefore(Bytes key, long seconds) {
        Bytes metaKey = writableMetaKey(key);
        execution.afterwards(_ -> execution.accesses().usedBefore(metaKey, seconds));
    }

    /// Like [#find], but an error if the value is not of `type`.
    public @Nullable Meta find(Bytes key, KeyType type) {
        Meta meta = find(key);
        if (meta != null && meta.type() != type) throw new RespError(RespError.WRONG_TYPE);
        return meta;
    }

    /// True if `key` exists.
    public boolean exists(Bytes key) {
        return find(key) != null;
    }

    /// The string at `key`, to look at and to change. An error if there is a value of another type.
    public RedisString stringAt(Bytes key) {
        return new RedisString(this, key, find(key, KeyType.STRING));
    }

    /// The string at `key`, to be set whatever is there now.
    public RedisString overwriteAt(Bytes key) {
        return new RedisString(this, key, null);
    }

    /// The bytes of the string at `key`; null if it does not exist, an error if it is no string.
    public @Nullable Bytes string(Bytes key) {
        RedisString string = stringAt(key);
        return string.exists() ? string.read() : null;
    }

    /// The collection at `key`, to look at and to change. An error if there is a value of another
    /// type.
    public Collection collectionAt(Bytes key, KeyType type) {
        return new Collection(this, key, type, find(key, type));
    }

    /// The collection at `key`, to be made anew whatever is there now.
    public Collection overwriteAt(Bytes key, KeyType type) {
        return new Collection(this, key, type, null);
    }

    /// Removes `key` with all its rows, and tells whether it existed.
    public boolean delete(Bytes key) {
        Bytes metaKey = metaKey(key);
        Meta old = metaKey == null ? null : execution.meta(metaKey);
        if (old == null) return false;
        execution.deleteMeta(metaKey, old);
        execution.changed(metaKey, database, key);
        moveExpiry(key, old.expireAtMillis(), Meta.NO_EXPIRY);
        execution.changes().add(generation(), -1, old.expires() ? -1 : 0);
        if (old.isExpired(nowMillis())) expired(key);
        return !old.isExpired(nowMillis());
    }

    /// Gives `key`, which holds `meta`, another expiry, or none with [Meta#NO_EXPIRY]. If that time
    /// has come already, the key is removed.
    public void expire(Bytes key, Meta meta, long atMillis) {
        if (atMillis == Meta.NO_EXPIRY || nowMillis() < atMillis) {
            put(key, meta.expiringAt(atMillis));
            event(EventKind.GENERIC, atMillis == Meta.NO_EXPIRY ? "persist" : "expire", key);
            return;
        }
        delete(key);
        event(EventKind.GENERIC, "del", key);
    }

    /// Has `key`, which exists, cease to exist at `atMillis`, and tells nobody: it came so.
    public void endAt(Bytes key, long atMillis) {
        Meta meta = find(key);
        if (meta == null) throw new AssertionError("no such key. key=`" + key + "`");
        put(key, meta.expiringAt(atMillis));
    }

    /// How far an import has come that is not at its end; null if there is none.
    public @Nullable Bytes importNote() {
        return execution.rows().get(RowKeys.IMPORT);
    }

    /// Notes how far an import has come, or with null that there is none.
    public void noteImport(@Nullable Bytes note) {
        if (note == null) execution.rows().delete(RowKeys.IMPORT);
        else execution.rows().put(RowKeys.IMPORT, note);
    }

    /// Tells how the libraries of functions stand: another number each time that any of them has
    /// changed, 0 if there never was one.
    public long libraryVersion() {
        Bytes row = execution.rows().get(RowKeys.LIBRARIES);
        return row == null ? 0 : row.toBuffer().getLong(1);
    }

    /// The sources of all libraries of functions, by name.
    public SortedMap<Bytes, Bytes> libraries() {
        SortedMap<Bytes, Bytes> sources = new TreeMap<>();
        try (Scan scan = execution.rows().scan(KeyRange.prefix(RowKeys.LIBRARIES))) {
            while (scan.next()) {
                Bytes name = RowKeys.libraryIn(scan.key());
                if (name == null) continue;
                Bytes source = scan.value().slice(1, scan.value().length());
                hold(source.length());
                sources.put(Bytes.wrap(name.toArray()), Bytes.wrap(source.toArray()));
            }
        }
        return sources;
    }

    /// Has the library of functions `name` have `source`, or with null be there no more.
    public void keepLibrary(Bytes name, @Nullable Bytes source) {
        StagedRows rows = execution.rows();
        if (source == null) rows.delete(RowKeys.library(name));
        else rows.put(RowKeys.library(name), encoded(source));
        byte[] version = new byte[Long.BYTES];
        ByteBuffer.wrap(version).putLong(execution.takeVersion());
        rows.put(RowKeys.LIBRARIES, encoded(Bytes.wrap(version)));
    }

    private static Bytes encoded(Bytes content) {
        byte[] row = new byte[1 + content.length()];
        row[0] = RowKeys.ENCODING;
        content.copyTo(row, 1);
        return Bytes.wrap(row);
    }

    /// Removes the key of an expiry row if it has expired, and the row in any case if it is not, or
    /// no longer, that of the key.
    void settle(RowKeys.Expiry expiry) {
        Bytes metaKey = writableMetaKey(expiry.key());
        Meta meta = execution.meta(metaKey);
        boolean isCurrent = meta != null && meta.expireAtMillis() == expiry.atMillis();
        if (!isCurrent) execution.rows().delete(expiry.rowKey());
        else if (meta.isExpired(nowMillis())) delete(expiry.key());
    }

    /// Sets the meta row of `key`, and so all of its value that is not in data rows. Data rows of
    /// another version than that of `meta` are given up.
    void put(Bytes key, Meta meta) {
        Bytes metaKey = writableMetaKey(key);
        Meta old = execution.meta(metaKey);
        execution.putMeta(metaKey, meta);
        if (regard == Regard.USE || old == null) execution.accesses().used(metaKey);
        execution.changed(metaKey, database, key);
        if (old != null && old.isExpired(nowMillis())) expired(key);
        if (old == null) event(EventKind.NEW, "new", key);
        moveExpiry(key, old == null ? Meta.NO_EXPIRY : old.expireAtMillis(), meta.expireAtMillis());
        int expired = old != null && old.expires() ? 1 : 0;
        execution
                .changes()
                .add(generation(), old == null ? 1 : 0, (meta.expires() ? 1 : 0) - expired);
    }

    /// From where to where a value is to be copied.
    public record Passage(Bytes source, int targetDatabase, Bytes target) {}

    /// Data rows of a value that were copied beneath another key, where no meta row names them yet.
    ///
    /// @param source how the key stood that they were copied from
    /// @param target how the key stood that they are beneath
    /// @param version of the rows
    /// @param isNamed true once a meta row names them
    public record Copied(Watched source, Watched target, long version, AtomicBoolean isNamed) {}

    /// The same for a run that is to use `copied` where it would copy these rows itself.
    public Keyspace with(Copied copied) {
        execution.use(copied);
        return this;
    }

    /// Puts a copy of the value that `key` holds, which is `meta`, at `targetKey` of `target`. What
    /// was there is replaced. An error if memory cannot hold it: then its rows may be copied
    /// [beforehand][Keyspaces#copyAhead], and an error, too, if that is of no use any more.
    public void copy(Bytes key, Meta meta, Keyspace target, Bytes targetKey) {
        target.writableMetaKey(targetKey);
        if (target.exists(targetKey)) target.event(EventKind.NEW, "new", targetKey);
        if (!meta.hasRows()) {
            target.put(targetKey, meta);
            return;
        }
        Copied ahead = execution.copied();
        long version = ahead == null ? execution.takeVersion() : ahead.version;
        if (ahead != null && !(isAsWatched(ahead.source) && isAsWatched(ahead.target)))
            throw new RespError(CHANGED_MEANWHILE);
        if (ahead != null) {
            execution.afterwards(_ -> ahead.isNamed.set(true));
        } else {
            var bytes = new long[1];
            rowsOfCopy(
                    key,
                    meta,
                    target.prefixOf(targetKey, version),
                    (rowKey, value) -> {
                        bytes[0] += rowKey.length() + value.length();
                        if (COPIED_BYTES_MAX < bytes[0]) throw new RespError(TOO_LARGE);
                        execution.rows().put(rowKey, value);
                    });
        }
        target.put(targetKey, meta.withRows(new Meta.Rows(version, meta.rows().count())));
    }

    /// How the keys of the data rows of `key` begin that have `version`.
    Bytes prefixOf(Bytes key, long version) {
        return MemberRow.prefix(writableMetaKey(key), version);
    }

    /// The data rows of `key`, which holds `meta`, as they would be under `prefix`.
    void rowsOfCopy(Bytes key, Meta meta, Bytes prefix, StagedRows.RowTaker taker) {
        Bytes source = prefixOf(key, meta.rows().version());
        try (Scan scan = execution.rows().scan(KeyRange.prefix(source))) {
            while (scan.next()) {
                byte[] rowKey = new byte[prefix.length() + scan.key().length() - source.length()];
                prefix.copyTo(rowKey, 0);
                scan.key()
                        .slice(source.length(), scan.key().length())
                        .copyTo(rowKey, prefix.length());
                taker.take(Bytes.wrap(rowKey), scan.value());
            }
        }
    }

    /// Gives up rows of `version` beneath `key`, which no meta row has ever named: so that a
    /// compaction can tell.
    void giveUp(Bytes key, long version) {
        Bytes metaKey = writableMetaKey(key);
        Meta meta = execution.meta(metaKey);
        if (meta == null) execution.rows().put(metaKey, Meta.gone(version));
        else execution.putMeta(metaKey, meta);
    }

    /// How many bytes the rows of `key`, which holds `meta`, take; of data rows at most `samples`
    /// are looked at, and the others taken to be as large.
    public long bytes(Bytes key, Meta meta, long samples) {
        Bytes metaKey = writableMetaKey(key);
        long bytes = metaKey.length() + (long) meta.encode().length();
        if (!meta.hasRows()) return bytes;
        long seen = 0;
        long seenBytes = 0;
        Bytes prefix = MemberRow.prefix(metaKey, meta.rows().version());
        try (Scan scan = execution.rows().scan(KeyRange.prefix(prefix))) {
            for (; seen < samples && scan.next(); seen++)
                seenBytes += scan.key().length() + scan.value().length();
        }
        if (meta.type() == KeyType.STRING) return bytes + meta.rows().count();
        long rows = seen < samples ? seen : Math.max(seen, meta.rows().count());
        return seen == 0 ? bytes : bytes + seenBytes * rows / seen;
    }

    /// How many keys there are, expired ones included as long as they are kept.
    public KeyCount count() {
        return execution.count(generation());
    }

    /// Empties this database, whatever it holds, in one step.
    public void flush() {
        touchWaitedFor(database);
        execution.emptied();
        Root root = execution.root();
        execution.changes().drop(generation());
        execution.rootTo(root.renewed(database));
    }

    /// Has this database and `other` change places.
    public void swap(int other) {
        if (other == database) return;
        touchWaitedFor(database);
        touchWaitedFor(other);
        execution.emptied();
        execution.rootTo(execution.root().swapped(database, other));
    }

    private void touchWaitedFor(int touched) {
        for (DbKey key : onlookers.waitedFor(touched)) execution.changed(key);
    }

    /// Tells those who listen, once the run has committed, that `name` happened to `key`.
    public void event(EventKind kind, String name, Bytes key) {
        if (!onlookers.wants(kind)) return;
        var event = new KeyEvent(database, kind, name, key);
        execution.afterwards(seq -> onlookers.happened(event, seq));
    }

    private void expired(Bytes key) {
        execution.expired();
        event(EventKind.EXPIRED, "expired", key);
    }

    /// Tells that `name` took something out of `key`, and that the key is gone if nothing is left.
    public void shortened(EventKind kind, String name, Bytes key) {
        event(kind, name, key);
        if (onlookers.wants(EventKind.GENERIC) && !exists(key))
            event(EventKind.GENERIC, "del", key);
    }

    /// Removes what a command that keeps its result would have overwritten: there is none.
    public void deleteForNothing(Bytes key) {
        if (delete(key)) event(EventKind.GENERIC, "del", key);
    }

    /// Has `what` done once the run has committed, with the sequence number that must be durable
    /// before anything of it is told. Must be quick and not wait.
    public void afterwards(LongConsumer what) {
        execution.afterwards(what);
    }

    /// Does `part`. If it throws a `RespError`, what it staged is given up, and nothing else of the
    /// run. May be nested.
    public <T extends @Nullable Object> T guarded(Function<Keyspace, T> part) {
        return execution.guarded(() -> part.apply(this));
    }

    /// Does `part`, which is one of several calls in this run: like [#guarded], and what it looks
    /// for counts by itself.
    public <T extends @Nullable Object> T call(Function<Keyspace, T> part) {
        return execution.call(() -> part.apply(this));
    }

    /// The highest sequence number of what the run has looked at since this was asked last.
    public long observedLately() {
        return execution.observedLately();
    }

    /// The same, for a call that means to write: if others write to the same keys all the time, the
    /// run lines up behind them before it does much.
    public Keyspace writing() {
        execution.writing();
        return this;
    }

    /// The keys that the run has changed since this was asked last, some perhaps more than once.
    public List<DbKey> takeChanged() {
        return execution.takeChanged();
    }

    /// How a key stood when a client began to watch it.
    ///
    /// @param rowKey of its meta row; empty if the key is too long to be kept
    /// @param seq the last commit that was seen
    public record Watched(int database, Bytes key, Bytes rowKey, long seq, Standing standing) {
        /// True if it is `key` of `database`.
        public boolean isOf(int database, Bytes key) {
            return this.database == database && this.key.equals(key);
        }
    }

    /// Whether a key was there.
    public enum Standing {
        THERE,
        MISSING,
        /// Its time was over, but its rows were there.
        EXPIRED
    }

    /// Takes note of how `key` stands now.
    public Watched watch(Bytes key) {
        Bytes rowKey = metaKey(key);
        Standing standing = rowKey == null ? Standing.MISSING : standing(rowKey);
        Bytes copied = Bytes.wrap(key.toArray());
        Bytes shown = rowKey == null ? Bytes.EMPTY : rowKey;
        return new Watched(database, copied, shown, execution.viewSeq(), standing);
    }

    /// True if nobody has written the key since, and it has not come to its end, its database was
    /// not emptied under it nor swapped for another that has or had it.
    public boolean isAsWatched(Watched watched) {
        Keyspace in = in(watched.database);
        Bytes rowKey = in.metaKey(watched.key);
        if (rowKey == null) return true;
        Standing now = in.standing(rowKey);
        boolean isThere = now == Standing.THERE;
        boolean wasThere = watched.standing == Standing.THERE;
        if (wasThere && !isThere) return false;
        boolean isSameRow = rowKey.equals(watched.rowKey);
        if (!isSameRow && (wasThere || isThere)) return false;
        if (watched.standing == Standing.EXPIRED && now == Standing.MISSING) return true;
        return execution.newestSeq(watched.rowKey) <= watched.seq
                && (isSameRow || execution.newestSeq(rowKey) <= watched.seq);
    }

    private Standing standing(Bytes rowKey) {
        Meta meta = execution.meta(rowKey);
        if (meta == null) return Standing.MISSING;
        return meta.isExpired(nowMillis()) ? Standing.EXPIRED : Standing.THERE;
    }

    /// Visits keys in the order of their hashes from `cursor` on, until `count`, or very many, were
    /// visited and the next one has another hash, and returns the cursor to go on with: 0 at the
    /// end. Needs no memory of its own, whatever is written between two calls: a key that is there
    /// throughout is visited.
    public long scan(long cursor, long count, Consumer<FoundKey> visitor) {
        if (cursor < 0 || 0xffff_ffffL < cursor) return 0;
        try (KeyWalk walk = walk((int) cursor)) {
            return walk.visit(Math.min(count, SCANNED_MAX), nowMillis(), visitor);
        }
    }

    /// Visits all keys in the order of their hashes, as long as `visitor` takes more.
    public void visitKeys(Predicate<Bytes> visitor) {
        try (KeyWalk walk = walk(0)) {
            boolean takesMore = true;
            while (takesMore && walk.next())
                takesMore = walk.meta().isExpired(nowMillis()) || visitor.test(walk.found().key());
        }
    }

    /// A key drawn at random; null if there is none.
    public @Nullable Bytes randomKey() {
        Bytes found = firstFrom((int) execution.env().randomLong());
        return found != null ? found : firstFrom(0);
    }

    Execution execution() {
        return execution;
    }

    /// The key of the meta row of `key`. An error if `key` is longer than can be kept.
    Bytes writableMetaKey(Bytes key) {
        Bytes metaKey = metaKey(key);
        if (metaKey == null) throw new RespError(RespError.STRING_TOO_LONG);
        return metaKey;
    }

    private @Nullable Bytes metaKey(Bytes key) {
        return execution.metaKey(generation(), key);
    }

    private int generation() {
        return execution.root().generation(database);
    }

    private KeyWalk walk(int fromHash) {
        return new KeyWalk(execution.rows().scan(RowKeys.keys(generation(), fromHash)));
    }

    private @Nullable Bytes firstFrom(int hash) {
        try (KeyWalk walk = walk(hash)) {
            for (int i = 0; i < RANDOM_TRIES_MAX && walk.next(); i++)
                if (!walk.meta().isExpired(nowMillis())) return walk.found().key();
        }
        return null;
    }

    private void moveExpiry(Bytes key, long from, long to) {
        if (from == to) return;
        StagedRows rows = execution.rows();
        if (from != Meta.NO_EXPIRY) rows.delete(RowKeys.expiry(from, generation(), key));
        if (to != Meta.NO_EXPIRY) rows.put(RowKeys.expiry(to, generation(), key), Bytes.EMPTY);
    }
}

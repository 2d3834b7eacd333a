package dev.holdfast.engine.manifest;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.event.ConflictEvent;
import dev.holdfast.engine.manifest.ManifestStore.Patience;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Versions of one thing, numbered from one without gaps, each created only if its number is free.
///
/// Invariants:
/// 1. A put whose reply was lost is settled by its put id before anything else is concluded: it is
///    never reported as failed, never taken for a lost race.
/// 2. A create counts only if no collector's mark has passed its number by then.
///
/// Thread-safe: it holds no state but a count.
///
/// @param <T> a version, decoded
final class NumberedStore<T> {
    private static final Duration PAUSE_FIRST = Duration.ofMillis(5);
    private static final Duration PAUSE_LONGEST = Duration.ofSeconds(1);

    private final ObjectStore store;
    private final NumberedNames names;
    private final Boundary boundary;
    private final Form<T> form;
    private final Env env;
    private final LongAdder conflicts = new LongAdder();

    NumberedStore(
            ObjectStore store, NumberedNames names, Boundary boundary, Form<T> form, Env env) {
        this.store = store;
        this.names = names;
        this.boundary = boundary;
        this.form = form;
        this.env = env;
    }

    /// What a version is as bytes.
    interface Form<T> {
        Bytes encode(long id, T version, Ulid putId);

        /// Throws [FormatException] if `object` is damaged, or tells another number than `id`.
        Found<T> decode(long id, Bytes object);
    }

    /// A version as it was found.
    ///
    /// @param putId null where another engine wrote it
    record Found<T>(T version, @Nullable Ulid putId) {}

    /// The latest version, or null if there is none. What was listed last is read while the store
    /// is asked for a later one: where the listing does not lag, two answers are waited for.
    @Nullable T latest() {
        long listed = lastListed(0);
        if (listed == 0) {
            long last = lastBehind(0);
            return last == 0 ? null : read(last);
        }
        var newest = new Question<>("read of " + names.name(listed), env, () -> find(listed));
        boolean isLast = false;
        try {
            isLast = !isThere(listed + 1);
        } finally {
            newest.settle();
        }
        if (!isLast) return read(lastBehind(listed + 1));
        return there(listed, newest.answer());
    }

    /// The number of the latest version, which is `known` or a later one; 0 if there is none.
    ///
    /// Listings may lag, names do not: look one by one behind what was listed.
    long lastId(long known) {
        return lastBehind(lastListed(known));
    }

    private long lastListed(long known) {
        long last = known;
        String position = names.name(known);
        while (true) {
            String after = position;
            List<ObjectMeta> page =
                    asked(() -> store.list(names.prefix(), after, ObjectStore.LIST_LIMIT_MAX));
            for (ObjectMeta object : page) {
                position = object.name();
                last = Math.max(last, names.id(position));
            }
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) return last;
        }
    }

    private long lastBehind(long known) {
        long last = known;
        while (isThere(names.name(last + 1))) last++;
        return last;
    }

    /// True if there is a version `id` now.
    boolean isThere(long id) {
        return isThere(names.name(id));
    }

    private boolean isThere(String name) {
        return metaOf(name) != null;
    }

    /// Version `id`, which was there a moment ago.
    T read(long id) {
        return there(id, find(id));
    }

    private T there(long id, @Nullable T found) {
        if (found == null) throw new Unavailable("gone. object=`" + names.name(id) + "`", null);
        return found;
    }

    /// Version `id`, or null if there is none any more.
    @Nullable T find(long id) {
        Found<T> found = found(id);
        return found == null ? null : found.version();
    }

    /// Version `id` with its put id, or null if there is none any more.
    @Nullable Found<T> found(long id) {
        try {
            return foundOnce(id);
        } catch (FormatException _) { // damage on the way is healed by reading once more
            try {
                return foundOnce(id);
            } catch (FormatException wrong) {
                throw new CorruptData(
                        wrong.getMessage() + ". object=`" + names.name(id) + "`", wrong);
            }
        }
    }

    private @Nullable Found<T> foundOnce(long id) {
        String name = names.name(id);
        var head = new Question<>("head of " + name, env, () -> metaOf(name));
        Bytes object;
        try {
            object = asked(() -> store.get(name));
        } finally {
            head.settle();
        }
        if (object == null) return null;
        Found<T> found = form.decode(id, object);
        ObjectMeta meta = head.answer();
        if (meta == null) meta = metaOf(name); // it may have come between the two answers
        if (meta != null) requireIdentity(meta, object, found);
        return found;
    }

    private @Nullable ObjectMeta metaOf(String name) {
        return asked(() -> store.head(name));
    }

    // Bytes that do not tell their number: those of another version would pass for it.
    private static void requireIdentity(ObjectMeta meta, Bytes object, Found<?> found) {
        boolean isAnother =
                meta.putId() != null
                        && found.putId() != null
                        && !meta.putId().equals(found.putId());
        if (isAnother || meta.size() != object.length())
            throw new FormatException(
                    "bytes of another object. size=`%d`".formatted(object.length()));
    }

    private <R> @Nullable R asked(Supplier<@Nullable R> question) {
        try {
            return question.get();
        } catch (ObjectStoreException unanswered) {
            throw new Unavailable(
                    "not readable: " + names.prefix() + ": " + unanswered.getMessage(), unanswered);
        }
    }

    /// Creates version `id`: false if another's has the number, or may have had it.
    boolean create(long id, T version, Patience patience) throws InterruptedException {
        return create(id, version, Ulid.next(env), patience);
    }

    /// The same with a put id of the caller's, which no other put has.
    boolean create(long id, T version, Ulid putId, Patience patience) throws InterruptedException {
        boolean isOurs = createOrMeet(id, version, putId, patience);
        if (!isOurs) {
            conflicts.increment();
            var event = new ConflictEvent();
            event.object = names.name(id);
            event.commit();
        }
        return isOurs;
    }

    /// How often another's had the number.
    long conflicts() {
        return conflicts.sum();
    }

    private boolean createOrMeet(long id, T version, Ulid putId, Patience patience)
            throws InterruptedException {
        String name = names.name(id);
        Bytes encoded = form.encode(id, version, putId);
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        RuntimeException failure = null;
        boolean isUnknown = false;
        do {
            try {
                switch (store.putIfAbsent(name, List.of(encoded), putId)) {
                    case PutResult.Stored _ -> {
                        return boundary.isBelow(id);
                    }
                    case PutResult.AlreadyExists _ -> {}
                    case PutResult.Unknown lost -> {
                        isUnknown = true;
                        failure = lost.cause();
                    }
                }
                Found<T> there = found(id);
                if (there != null) return putId.equals(there.putId()) && boundary.isBelow(id);
            } catch (ObjectStoreException.Unavailable | Unavailable unanswered) {
                failure = unanswered;
            } catch (ObjectStoreException.Refused refused) {
                failure = refused;
                if (!isUnknown) break;
            }
            // Nothing found: the same put with the same id can be repeated, whatever became of it.
            patience.token().pause(backoff.next());
        } while (!patience.isOver());
        throw new Unavailable("outcome of a put unknown. object=`" + name + "`", failure);
    }
}

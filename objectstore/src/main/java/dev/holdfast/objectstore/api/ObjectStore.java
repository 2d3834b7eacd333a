package dev.holdfast.objectstore.api;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Immutable objects under names, with conditional create.
///
/// A name is one or more non-empty segments of letters, digits and `-_.=+:@` joined by `/`; `.` and
/// `..` are no segments ([ObjectNames] checks it). Every call is bounded by the store's own total
/// deadline and throws [ObjectStoreException] when it is over. What was stored is seen by every
/// later call, whoever makes it. Implementations are thread-safe; blocking calls may be made from
/// virtual threads.
///
/// What every implementation promises is `ObjectStoreContract` in this module's tests.
public interface ObjectStore extends AutoCloseable {
    /// The most objects that one page of a listing holds.
    int LIST_LIMIT_MAX = 1000;

    /// The whole object, or null if there is none.
    @Nullable Bytes get(String name);

    /// The bytes `[offset, offset + length)` of the object, or null if there is none. Reading
    /// beyond the end is [ObjectStoreException.Invalid], never a short answer.
    @Nullable Bytes get(String name, long offset, int length);

    /// What there is of the bytes `[offset, offset + lengthMax)`: fewer only where the object ends,
    /// none from its end on. Null if there is no object.
    default @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        ObjectMeta meta = head(name);
        if (meta == null) return null;
        long length = Math.min(lengthMax, meta.size() - offset);
        if (length <= 0) return Bytes.EMPTY;
        Bytes bytes = get(name, offset, (int) length);
        if (bytes == null || bytes.length() == length) return bytes;
        // Whoever asks takes a short answer for the object's end.
        throw new ObjectStoreException.Unavailable("answer cut short. name=`" + name + "`", null);
    }

    /// Creates or replaces the object with the concatenation of `parts`. It is there whole or not
    /// at all.
    ///
    /// Answers [PutResult.Stored] or [PutResult.Unknown]; an exception means that nothing was
    /// stored and nothing will be.
    PutResult put(String name, List<Bytes> parts);

    /// Creates the object only if the name is free. The one operation that decides races: of any
    /// number of concurrent creators, on any number of machines, exactly one is told
    /// [PutResult.Stored].
    ///
    /// `putId` is kept as the attribute [ObjectAttributes#PUT_ID] where the store keeps attributes.
    /// Repeating the same put with the same `putId` after [PutResult.Unknown] is safe: it is never
    /// stored twice. [PutResult.AlreadyExists] then says only that the name is taken, perhaps by
    /// the earlier attempt. An exception means that nothing was stored and nothing will be.
    PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId);

    /// What is known of the object without reading it, or null if there is none.
    @Nullable ObjectMeta head(String name);

    /// At most `limit` objects (1 to [#LIST_LIMIT_MAX]) whose name begins with `prefix` and sorts
    /// after `after`, in name order (bytewise). An answer shorter than `limit` is the last page.
    ///
    /// Objects that come or go while a listing is paged may be missed or shown; all others appear
    /// exactly once.
    List<ObjectMeta> list(String prefix, @Nullable String after, int limit);

    /// Removes the object. Removing what is not there succeeds.
    void delete(String name);

    /// Removes what is left of uploads below `prefix` that began before `beforeMillis` (Unix epoch)
    /// and never became an object; answers how many. Zero where a store leaves nothing behind.
    default int removeUnfinished(String prefix, long beforeMillis) {
        return 0;
    }

    /// What was asked of the store so far; [StoreTraffic#NONE] where nobody counts.
    default StoreTraffic traffic() {
        return StoreTraffic.NONE;
    }

    /// This store, for large reads that will not be repeated: caches on the way serve what they
    /// have, and keep nothing more. Not to be closed.
    default ObjectStore forBulkReads() {
        return this;
    }

    /// This store, for reads of what many others begin with: caches on the way keep it longer than
    /// the rest. Not to be closed.
    default ObjectStore forIndexReads() {
        return this;
    }

    /// What was read of the object is not what should stand there: caches on the way drop what they
    /// have of it.
    default void doubt(String name) {
        // nothing is kept here
    }

    /// How a person would name this store, without secrets: a URL.
    String url();

    /// The URL of the store that has the object `name`, or those below that folder, if that is
    /// another one behind this; null if they lie where [#url] says.
    default @Nullable String elsewhere(String name) {
        return null;
    }

    /// Lets go of what the store holds open. Objects stay. Idempotent.
    @Override
    void close();
}

package dev.holdfast.engine.table;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The object that holds a table: ranges of it, decoded, or a failure that names object and offset.
/// A copy on this machine comes first.
record TableObject(ObjectStore store, String name, Ulid id, TablesAtHand atHand, Env env) {
    private static final int ATTEMPTS = 2;
    private static final int ATTEMPTS_AT_HAND = 5;
    private static final int LOOKS_MAX = 8;
    private static final Duration PAUSE_FIRST = Duration.ofMillis(20);
    private static final Duration PAUSE_LONGEST = Duration.ofMillis(500);

    /// `[offset, offset + length)` as `decode` reads it. What does not check out is read once more,
    /// in case it was damaged on the way; from a disk a few times, as it is seen to be sound.
    <T> T read(long offset, long length, Function<Bytes, T> decode) {
        if (Integer.MAX_VALUE - 8 < length) throw corrupt("section too long", offset, null);
        return decoded(() -> bytes(offset, (int) length), offset, decode);
    }

    /// All that stands from `offset` on as `decode` reads it, at most `lengthMax` bytes.
    <T> T readRest(long offset, int lengthMax, Function<Bytes, T> decode) {
        return decoded(() -> rest(offset, lengthMax), offset, decode);
    }

    private <T> T decoded(Supplier<Bytes> stored, long offset, Function<Bytes, T> decode) {
        for (int attempt = 1; ; attempt++) {
            try {
                return decode.apply(stored.get());
            } catch (FormatException wrong) {
                int attemptsMax = 0 <= atHand.size(id) ? ATTEMPTS_AT_HAND : ATTEMPTS;
                if (attemptsMax <= attempt) throw corrupt(wrong.getMessage(), offset, wrong);
                atHand.doubt(id);
                store.doubt(name);
            }
        }
    }

    private Bytes rest(long offset, int lengthMax) {
        Bytes near = restAtHand(offset, lengthMax);
        if (near != null) return near;
        try {
            return known(() -> store.getUpTo(name, offset, lengthMax));
        } catch (ObjectStoreException failure) {
            throw unavailable(failure);
        }
    }

    private @Nullable Bytes restAtHand(long offset, int lengthMax) {
        long size = atHand.size(id);
        if (size < 0) return null;
        long length = Math.min(lengthMax, size - offset);
        return length <= 0 ? Bytes.EMPTY : atHand.read(id, offset, (int) length);
    }

    /// The same, for what many reads of the table begin with.
    TableObject forIndexReads() {
        return new TableObject(store.forIndexReads(), name, id, atHand, env);
    }

    /// `[offset, offset + length)` as stored. An answer that was cut short is asked for once more.
    Bytes bytes(long offset, int length) {
        Bytes bytes = answer(offset, length);
        if (bytes.length() != length) bytes = answer(offset, length);
        if (bytes.length() == length) return own(bytes);
        throw new Unavailable("answer cut short. object=`" + name + "`", null);
    }

    // What stays in memory must not keep what the store had read around it.
    private static Bytes own(Bytes bytes) {
        return bytes.length() == bytes.array().length ? bytes : Bytes.wrap(bytes.toArray());
    }

    private Bytes answer(long offset, int length) {
        Bytes near = atHand.read(id, offset, length);
        return near != null ? near : stored(offset, length);
    }

    private Bytes stored(long offset, int length) {
        try {
            return known(() -> store.get(name, offset, length));
        } catch (ObjectStoreException.Invalid beyondTheEnd) {
            throw corrupt("object shorter than the manifest says", offset, beyondTheEnd);
        } catch (ObjectStoreException failure) {
            throw unavailable(failure);
        }
    }

    // The manifest names it, so absence is a store that lags, for a moment.
    private <T> T known(Supplier<@Nullable T> question) {
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        for (int look = 1; look < LOOKS_MAX; look++) {
            T answer = question.get();
            if (answer != null) return answer;
            pause(backoff.next());
        }
        throw missing();
    }

    private void pause(Duration duration) {
        try {
            env.sleep(duration);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted. object=`" + name + "`", interrupted);
        }
    }

    CorruptData corrupt(String what, long offset, @Nullable Throwable why) {
        return new CorruptData(what + ". object=`" + name + "`, offset=`" + offset + "`", why);
    }

    private CorruptData missing() {
        return CorruptData.missing("DATA_MISSING: object not found. object=`" + name + "`");
    }

    private Unavailable unavailable(ObjectStoreException failure) {
        return new Unavailable("table not readable. object=`" + name + "`", failure);
    }
}

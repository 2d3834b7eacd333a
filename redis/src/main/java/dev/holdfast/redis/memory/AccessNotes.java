package dev.holdfast.redis.memory;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/// When keys were last asked for or changed, in memory of a fixed size, whatever number of keys
/// there are. Thread-safe.
///
/// A key has one of a few places, by the hash of its row. Where all are taken the note that is
/// oldest gives way: so of a key that is not noted it is known that it was idle for as long as the
/// oldest of those that are, or since the start.
public final class AccessNotes {
    private static final int PLACES = 4; // of one key
    private static final int GROUPS_BITS = 14;
    private static final long SECONDS = 0xffff_ffffL;

    // Hash of the row above, seconds since the start and one more below; 0 for nothing. What two
    // write at once one of them loses: then a note is missing, as if the key had been idle.
    private final AtomicLongArray notes;
    private final int groupsBits;
    private final Env env;
    private final long startNanos;

    private AccessNotes(Env env, int groupsBits) {
        this.env = env;
        this.groupsBits = groupsBits;
        notes = new AtomicLongArray(PLACES << groupsBits);
        startNanos = env.nanoTime();
    }

    /// For a server: half a mebibyte.
    public static AccessNotes ofServer(Env env) {
        return new AccessNotes(env, GROUPS_BITS);
    }

    /// For who looks at a few keys and goes.
    public static AccessNotes ofVisitor(Env env) {
        return new AccessNotes(env, 1);
    }

    /// The key with the row `rowKey` is in use now.
    public void used(Bytes rowKey) {
        note(rowKey, now());
    }

    /// The key with the row `rowKey` was last in use so many seconds ago.
    public void usedBefore(Bytes rowKey, long seconds) {
        note(rowKey, Math.max(0, now() - seconds));
    }

    private void note(Bytes rowKey, long seconds) {
        int hash = rowKey.hashCode();
        int first = firstOf(hash);
        int at = first;
        for (int place = first; place < first + PLACES; place++) {
            long seen = notes.getOpaque(place);
            if (isOf(seen, hash)) {
                at = place;
                break;
            }
            if ((seen & SECONDS) < (notes.getOpaque(at) & SECONDS)) at = place;
        }
        long note = (long) hash << Integer.SIZE | seconds + 1;
        if (notes.getOpaque(at) != note) notes.setOpaque(at, note);
    }

    /// For how many seconds the key with the row `rowKey` was in nobody's use, at least; since the
    /// start at most.
    public long idleSeconds(Bytes rowKey) {
        int hash = rowKey.hashCode();
        int first = firstOf(hash);
        long oldest = Long.MAX_VALUE;
        for (int place = first; place < first + PLACES; place++) {
            long seen = notes.getOpaque(place);
            long seconds = (seen & SECONDS) - 1;
            if (isOf(seen, hash)) return Math.max(0, now() - seconds);
            oldest = Math.min(oldest, seconds);
        }
        return Math.max(0, now() - Math.max(0, oldest));
    }

    private static boolean isOf(long note, int hash) {
        return note != 0 && (int) (note >>> Integer.SIZE) == hash;
    }

    private int firstOf(int hash) {
        int mixed = hash * 0x9e37_79b9;
        return (mixed >>> Integer.SIZE - groupsBits) * PLACES;
    }

    private long now() {
        return TimeUnit.NANOSECONDS.toSeconds(env.nanoTime() - startNanos);
    }
}

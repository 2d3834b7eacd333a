package dev.holdfast.engine.write;

import dev.holdfast.base.Varint;
import dev.holdfast.engine.api.BatchCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The keys of what was committed lately, as a chain that grows at one end.
///
/// Whoever wants to know later what was committed since keeps the end of the chain and walks on
/// from there. What lies before every kept end is nobody's, and goes by itself. It lies in none of
/// the memtables, so it does not matter to which table a key went meanwhile.
///
/// Invariant: the chain lacks no commit above the number that was applied after somebody had become
/// its audience and had taken the end. For a commit is published before its writer looks whether
/// there is an audience, and that looks at the end before it looks at the number.
///
/// Grows inside the commit order; walked by anybody.
public final class RecentCommits {
    private static final int BYTES_FIRST = 64;
    private static final int LINK_BYTES = 64; // what a link takes besides the keys, about

    /// More bytes of keys than that are not kept of one commit.
    public static final int KEYS_BYTES_MAX = 8 << 20;

    /// Those who want to know what is committed.
    public interface Audience {
        /// There is never anybody.
        Audience NOBODY =
                new Audience() {
                    @Override
                    public boolean isThere() {
                        return false;
                    }

                    @Override
                    public void grown(long bytes) {}
                };

        /// True if there is anybody.
        boolean isThere();

        /// The chain has come to `bytes`, counted from its beginning. Called inside the commit
        /// order: it is quick.
        void grown(long bytes);
    }

    /// What to do with a key.
    @FunctionalInterface
    public interface KeyTest {
        /// The answer for the key of `length` bytes at `offset` of `array`, to read from only.
        boolean test(byte[] array, int offset, int length);
    }

    /// One commit, or the end of the chain, which the next commit will fill.
    public static final class Link {
        private final long bytesBefore;
        // Written before `next`, read after it.
        private long seq;
        private byte @Nullable [] keys; // null: any key may be among them
        private volatile @Nullable Link next;

        private Link(long bytesBefore) {
            this.bytesBefore = bytesBefore;
        }

        /// What follows this commit; null at the end of the chain.
        public @Nullable Link next() {
            return next;
        }

        /// The commit's number; only if there is a [#next].
        public long seq() {
            return seq;
        }

        /// Bytes of the chain before this link, counted from its beginning.
        public long bytesBefore() {
            return bytesBefore;
        }

        /// True if `test` says so of any key of the commit, or if it wrote too many to tell; only
        /// if there is a [#next].
        public boolean any(KeyTest test) {
            if (keys == null) return true;
            int at = 0;
            while (at < keys.length) {
                int length = 0;
                for (int shift = 0; ; shift += 7) {
                    byte part = keys[at++];
                    length |= (part & 0x7f) << shift;
                    if (0 <= part) break;
                }
                if (test.test(keys, at, length)) return true;
                at += length;
            }
            return false;
        }
    }

    private volatile Audience audience = Audience.NOBODY;
    private volatile Link end = new Link(0);

    /// Grows for `audience` from now on.
    public void growFor(Audience audience) {
        this.audience = audience;
    }

    /// Where the chain ends now.
    public Link end() {
        return end;
    }

    /// Adds the commit of `batch` at `seq`, which everybody sees already, but for the keys that
    /// `terms` leaves untold. Inside the commit order.
    void committed(BatchCursor batch, long seq, @Nullable CommitTerms terms) {
        if (audience.isThere()) grow(keysOf(batch, terms), seq);
    }

    /// Adds the commit at `seq`, which everybody sees already, of `keys`: each with its length as a
    /// varint before it; null if they are too many to tell. Inside the commit order.
    void committed(byte @Nullable [] keys, long seq) {
        if (audience.isThere()) grow(keys, seq);
    }

    private void grow(byte @Nullable [] keys, long seq) {
        Link filled = end;
        filled.seq = seq;
        filled.keys = keys;
        int bytes = filled.keys == null ? KEYS_BYTES_MAX : filled.keys.length;
        var next = new Link(filled.bytesBefore + LINK_BYTES + bytes);
        filled.next = next;
        end = next;
        audience.grown(next.bytesBefore);
    }

    private static byte @Nullable [] keysOf(BatchCursor batch, @Nullable CommitTerms terms) {
        byte[] keys = new byte[BYTES_FIRST];
        int to = 0;
        while (batch.next()) {
            int length = batch.keyLength();
            if (terms != null && terms.isUntold(batch.array(), batch.keyOffset(), length)) continue;
            int needed = to + Varint.BYTES_MAX + length;
            if (KEYS_BYTES_MAX < needed) return null;
            if (keys.length < needed) keys = Arrays.copyOf(keys, Math.max(needed, 2 * keys.length));
            to = Varint.encode(keys, to, length);
            System.arraycopy(batch.array(), batch.keyOffset(), keys, to, length);
            to += length;
        }
        return Arrays.copyOf(keys, to);
    }
}

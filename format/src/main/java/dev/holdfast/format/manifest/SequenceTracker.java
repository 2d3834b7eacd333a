package dev.holdfast.format.manifest;

import static dev.holdfast.format.wire.FormatException.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.ByteReader;
import java.util.Arrays;

/// When which sequence number was written, at most once a minute. Immutable.
///
/// Two versions are read; the first is written, as all engines read it.
///
/// ```
/// version: u8 (1, 2) | count: u32, little-endian | gorilla(seqs) | gorilla(seconds)
/// ```
public final class SequenceTracker {
    /// How many pairs it holds at most; one more, and every second one goes.
    public static final int PAIRS_MAX = 8192;

    private static final int VERSION = 1;
    private static final int VERSION_WIDE = 2;
    private static final int SECONDS_BETWEEN = 60;
    private static final int HEAD_BYTES = 1 + Integer.BYTES;
    private static final SequenceTracker EMPTY = new SequenceTracker(new long[0], new long[0]);

    private final long[] seqs;
    private final long[] seconds;

    private SequenceTracker(long[] seqs, long[] seconds) {
        this.seqs = seqs;
        this.seconds = seconds;
    }

    /// One that holds nothing.
    public static SequenceTracker empty() {
        return EMPTY;
    }

    /// With one more pair, unless the last one is less than a minute, or no seq, behind. `seconds`
    /// count from the Unix epoch.
    public SequenceTracker add(long seq, long unixSeconds) {
        int count = seqs.length;
        if (0 < count
                && (seq <= seqs[count - 1] || unixSeconds - seconds[count - 1] < SECONDS_BETWEEN))
            return this;
        SequenceTracker room = count < PAIRS_MAX ? this : thinned();
        int kept = room.seqs.length;
        long[] moreSeqs = Arrays.copyOf(room.seqs, kept + 1);
        long[] moreSeconds = Arrays.copyOf(room.seconds, kept + 1);
        moreSeqs[kept] = seq;
        moreSeconds[kept] = unixSeconds;
        return new SequenceTracker(moreSeqs, moreSeconds).writable();
    }

    /// How many pairs there are.
    public int count() {
        return seqs.length;
    }

    /// The sequence number of pair `index`.
    public long seq(int index) {
        return seqs[index];
    }

    /// The time of pair `index`, in seconds since the Unix epoch.
    public long unixSeconds(int index) {
        return seconds[index];
    }

    private SequenceTracker thinned() {
        int kept = (seqs.length + 1) / 2;
        long[] fewerSeqs = new long[kept];
        long[] fewerSeconds = new long[kept];
        for (int i = 0; i < kept; i++) {
            fewerSeqs[i] = seqs[2 * i];
            fewerSeconds[i] = seconds[2 * i];
        }
        return new SequenceTracker(fewerSeqs, fewerSeconds);
    }

    // Numbers may leap further than the first version can say: what lies before the leap goes.
    private SequenceTracker writable() {
        SequenceTracker rest = this;
        while (!Gorilla.canEncode(rest.seqs) || !Gorilla.canEncode(rest.seconds)) {
            int count = rest.seqs.length;
            rest =
                    new SequenceTracker(
                            Arrays.copyOfRange(rest.seqs, (count + 1) / 2, count),
                            Arrays.copyOfRange(rest.seconds, (count + 1) / 2, count));
        }
        return rest;
    }

    Bytes encode() {
        SequenceTracker writable = writable();
        if (writable != this) return writable.encode();
        Bytes first = Gorilla.encode(seqs);
        Bytes second = Gorilla.encode(seconds);
        byte[] all = new byte[HEAD_BYTES + first.length() + second.length()];
        all[0] = VERSION;
        for (int i = 0; i < Integer.BYTES; i++) all[1 + i] = (byte) (seqs.length >>> (8 * i));
        first.copyTo(all, HEAD_BYTES);
        second.copyTo(all, HEAD_BYTES + first.length());
        return Bytes.wrap(all);
    }

    static SequenceTracker decode(Bytes bytes) {
        var in = new ByteReader(bytes, "sequence tracker");
        int version = in.u8();
        boolean isWide = version == VERSION_WIDE;
        require(isWide || version == VERSION, "sequence tracker version", version);
        int count = Integer.reverseBytes(in.u32());
        require(0 <= count && count <= PAIRS_MAX, "sequence tracker count", count);
        int widest = isWide ? Long.SIZE : Integer.SIZE;
        long[] stored = Gorilla.decode(in, count, widest);
        long[] seqs = isWide ? stored : unwrapped(stored);
        long[] seconds = Gorilla.decode(in, count, widest);
        in.expectEnd();
        for (int i = 1; i < count; i++) {
            require(seqs[i - 1] <= seqs[i], "sequence tracker seq falls", seqs[i]);
            require(seconds[i - 1] <= seconds[i], "sequence tracker time falls", seconds[i]);
        }
        return new SequenceTracker(seqs, seconds);
    }

    // SlateDB cuts a change of more than 32 bits off in the first version, as after two ingests in
    // a
    // minute. Numbers rise, so what was cut off of a step can be told, up to 2^32.
    private static long[] unwrapped(long[] stored) {
        long[] seqs = stored.clone();
        for (int i = 1; i < stored.length; i++) {
            long step = stored[i] - stored[i - 1];
            seqs[i] = seqs[i - 1] + (step < 0 ? step & 0xffff_ffffL : step);
        }
        return seqs;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SequenceTracker that
                && Arrays.equals(seqs, that.seqs)
                && Arrays.equals(seconds, that.seconds);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(seqs) + Arrays.hashCode(seconds);
    }

    @Override
    public String toString() {
        var text = new StringBuilder("[");
        for (int i = 0; i < seqs.length; i++)
            text.append(i == 0 ? "" : ", ").append(seqs[i]).append('@').append(seconds[i]);
        return text.append(']').toString();
    }
}

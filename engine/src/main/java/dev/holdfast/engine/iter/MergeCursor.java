package dev.holdfast.engine.iter;

import dev.holdfast.engine.api.Order;
import dev.holdfast.format.row.RowCursor;
import java.util.Arrays;
import java.util.List;

/// Many sorted sources walked as one: a tournament of their current rows.
///
/// Invariants:
/// 1. Ascending, of one key the highest sequence number comes first, whichever source holds it; of
///    equal ones the earlier source. Descending is the exact reverse.
/// 2. Nothing is dropped.
///
/// A source is moved only when the next row is asked for, so that a row shown stays valid till
/// then. Not thread-safe; closes its sources.
public final class MergeCursor implements RowCursor {
    private static final int EXHAUSTED = -1;
    private static final byte[] NOTHING = new byte[0];

    private final RowCursor[] sources;
    private final int direction;
    // The current row of each source, fetched once: comparisons are many.
    private final byte[][] keys;
    private final int[] keyOffsets;
    private final int[] keyLengths;
    private final long[] seqs;
    // losers[1..n) are the inner nodes of the tournament; losers[0] is its winner.
    private final int[] losers;
    private boolean isStarted;
    private int winner;
    private RowCursor current;

    private MergeCursor(List<? extends RowCursor> sources, Order order) {
        int n = sources.size();
        this.sources = sources.toArray(new RowCursor[n]);
        this.direction = order == Order.ASCENDING ? 1 : -1;
        this.keys = new byte[n][];
        this.keyOffsets = new int[n];
        this.keyLengths = new int[n];
        this.seqs = new long[n];
        this.losers = new int[n];
        this.current = this.sources[0];
    }

    /// All rows of `sources`, newest source first, each sorted and walking in `order`. One source
    /// is returned as it is; none is an empty walk.
    public static RowCursor of(List<? extends RowCursor> sources, Order order) {
        return switch (sources.size()) {
            case 0 -> new EmptyCursor();
            case 1 -> sources.getFirst();
            default -> new MergeCursor(sources, order);
        };
    }

    @Override
    public boolean next() {
        if (!isStarted) start();
        else if (keyLengths[losers[0]] != EXHAUSTED) replay(losers[0]);
        winner = losers[0];
        current = sources[winner];
        return keyLengths[winner] != EXHAUSTED;
    }

    private void start() {
        isStarted = true;
        Arrays.fill(losers, -1);
        for (int source = sources.length - 1; 0 <= source; source--) {
            load(source);
            int best = source;
            int node = (source + sources.length) / 2;
            for (; 0 < node && losers[node] != -1; node /= 2) {
                if (!beats(losers[node], best)) continue;
                int loser = best;
                best = losers[node];
                losers[node] = loser;
            }
            losers[node] = best;
        }
    }

    private void replay(int source) {
        load(source);
        int best = source;
        for (int node = (source + sources.length) / 2; 0 < node; node /= 2) {
            if (!beats(losers[node], best)) continue;
            int loser = best;
            best = losers[node];
            losers[node] = loser;
        }
        losers[0] = best;
    }

    private void load(int source) {
        RowCursor cursor = sources[source];
        if (!cursor.next()) {
            keys[source] = NOTHING;
            keyLengths[source] = EXHAUSTED;
            return;
        }
        keys[source] = cursor.keyArray();
        keyOffsets[source] = cursor.keyOffset();
        keyLengths[source] = cursor.keyLength();
        seqs[source] = cursor.seq();
    }

    private boolean beats(int a, int b) {
        if (keyLengths[a] == EXHAUSTED) return false;
        if (keyLengths[b] == EXHAUSTED) return true;
        int byKey =
                Arrays.compareUnsigned(
                        keys[a],
                        keyOffsets[a],
                        keyOffsets[a] + keyLengths[a],
                        keys[b],
                        keyOffsets[b],
                        keyOffsets[b] + keyLengths[b]);
        int ascending = byKey != 0 ? byKey : Long.compare(seqs[b], seqs[a]);
        if (ascending == 0) ascending = Integer.compare(a, b);
        return direction * Integer.signum(ascending) < 0;
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
        for (RowCursor source : sources) source.seek(key, offset, length);
        isStarted = false;
    }

    @Override
    public void seekBeyond(byte[] key, int offset, int length) {
        for (RowCursor source : sources) source.seekBeyond(key, offset, length);
        isStarted = false;
    }

    @Override
    public byte[] keyArray() {
        return keys[winner];
    }

    @Override
    public int keyOffset() {
        return keyOffsets[winner];
    }

    @Override
    public int keyLength() {
        return keyLengths[winner];
    }

    @Override
    public byte[] valueArray() {
        return current.valueArray();
    }

    @Override
    public int valueOffset() {
        return current.valueOffset();
    }

    @Override
    public int valueLength() {
        return current.valueLength();
    }

    @Override
    public long seq() {
        return seqs[winner];
    }

    @Override
    public int flags() {
        return current.flags();
    }

    @Override
    public long expireAtMillis() {
        return current.expireAtMillis();
    }

    @Override
    public long createdAtMillis() {
        return current.createdAtMillis();
    }

    @Override
    public void close() {
        for (RowCursor source : sources) source.close();
    }
}

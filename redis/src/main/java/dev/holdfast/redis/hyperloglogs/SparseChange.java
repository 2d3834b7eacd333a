package dev.holdfast.redis.hyperloglogs;

/// The change of one register of a sparse HyperLogLog: runs are split and joined exactly as Redis
/// does it, since clients may compare the bytes.
final class SparseChange {
    private static final int JOINS_SCANNED = 5;
    private static final int GROWTH_MAX = 3;

    private final int head;
    private byte[] bytes;
    private int end;

    /// What came of it.
    enum Outcome {
        UNCHANGED,
        CHANGED,
        /// It cannot be told in runs, or takes too many.
        TOO_LARGE
    }

    /// A change of the runs in `bytes` from `head` up to `end`; `bytes` stay as they are until it
    /// succeeds.
    SparseChange(byte[] bytes, int end, int head) {
        this.bytes = bytes;
        this.end = end;
        this.head = head;
    }

    byte[] bytes() {
        return bytes;
    }

    int end() {
        return end;
    }

    Outcome set(int index, int value, int bytesMax) {
        if (SparseRun.VALUE_MAX < value) return Outcome.TOO_LARGE;
        int at = head;
        int previous = head;
        int first = 0;
        SparseRun run = runAt(at);
        while (first + run.length() <= index) {
            previous = at;
            at += SparseRun.bytesAt(bytes, at);
            first += run.length();
            run = runAt(at);
        }
        if (value <= run.value()) return Outcome.UNCHANGED;
        byte[] runs = new byte[5];
        int length = new SparseRun(run.value(), index - first).writeTo(runs, 0);
        length = new SparseRun(value, 1).writeTo(runs, length);
        int behind = first + run.length() - 1 - index;
        length = new SparseRun(run.value(), behind).writeTo(runs, length);
        int growth = length - SparseRun.bytesAt(bytes, at);
        if (0 < growth && bytesMax < end + growth) return Outcome.TOO_LARGE;
        replace(at, runs, length);
        join(previous);
        return Outcome.CHANGED;
    }

    private SparseRun runAt(int at) {
        if (end <= at) throw LogLog.corrupt();
        return SparseRun.at(bytes, at, end);
    }

    private void replace(int at, byte[] runs, int length) {
        int behind = at + SparseRun.bytesAt(bytes, at);
        byte[] next = new byte[end + GROWTH_MAX];
        System.arraycopy(bytes, 0, next, 0, at);
        System.arraycopy(runs, 0, next, at, length);
        System.arraycopy(bytes, behind, next, at + length, end - behind);
        end += at + length - behind;
        bytes = next;
    }

    // Neighbours of one value become one run where it may be so long, from `from` on.
    private void join(int from) {
        int at = from;
        for (int i = 0; i < JOINS_SCANNED && at < end; i++) {
            SparseRun run = runAt(at);
            boolean isPair = 0 < run.value() && at + 1 < end && (bytes[at + 1] & 0x80) != 0;
            SparseRun next = isPair ? runAt(at + 1) : new SparseRun(0, 0);
            int length = run.length() + next.length();
            boolean isOne =
                    isPair && run.value() == next.value() && length <= SparseRun.VALUE_LENGTH_MAX;
            if (isOne) {
                new SparseRun(run.value(), length).writeTo(bytes, at);
                System.arraycopy(bytes, at + 2, bytes, at + 1, end - at - 2);
                end--;
            } else at += SparseRun.bytesAt(bytes, at);
        }
    }
}

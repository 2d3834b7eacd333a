package dev.holdfast.base;

/// What of the heap there is for data: all but what the program itself takes. Whoever bounds what
/// it holds takes a share of this, so that a small heap is not given away twice.
public final class HeapRoom {
    private static final long PROGRAM_BYTES = 32L << 20;

    private HeapRoom() {}

    /// In this process, in bytes.
    public static long bytes() {
        return of(Runtime.getRuntime().maxMemory());
    }

    /// In a process with a heap of `heapBytes`.
    public static long of(long heapBytes) {
        return Math.max(heapBytes / 4, heapBytes - PROGRAM_BYTES);
    }
}

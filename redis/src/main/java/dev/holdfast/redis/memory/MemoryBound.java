package dev.holdfast.redis.memory;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.HeapRoom;
import dev.holdfast.engine.EngineMemory;
import dev.holdfast.redis.resp.RespError;

/// The bound of what the engine keeps in memory, as `maxmemory` sets it while the server runs. What
/// does not fit lies in the object store: nothing is dropped.
public final class MemoryBound {
    private static final long LEAST = 8L << 20;

    private final EngineMemory memory;
    private final long atFirst;

    public MemoryBound(EngineMemory memory) {
        this.memory = memory;
        atFirst = memory.usage().limit();
    }

    /// Makes it `bytes`, or with 0 what it was at first. An error if the heap is too small for it,
    /// or if it is too small to work in.
    public void set(long bytes) {
        long most = Math.max(atFirst, HeapRoom.bytes() / 4 * 3);
        if (bytes != 0 && (bytes < LEAST || most < bytes))
            throw new RespError(
                    "ERR CONFIG SET failed (possibly related to argument 'maxmemory') - it bounds"
                            + " what the engine keeps in the heap, so it is 0 or from "
                            + LEAST
                            + " to "
                            + most
                            + "; data beyond it lies in the object store");
        memory.resize(ByteSize.bytes(bytes == 0 ? atFirst : bytes));
    }
}

package dev.holdfast.redis.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.EngineMemory;
import dev.holdfast.redis.resp.RespError;
import org.junit.jupiter.api.Test;

class MemoryBoundTest {
    private final EngineMemory memory = new EngineMemory(ByteSize.mebibytes(64));
    private final MemoryBound bound = new MemoryBound(memory);

    @Test
    void shouldBoundTheEngineAndGoBackToWhatItWas() {
        bound.set(ByteSize.mebibytes(16).bytes());
        assertEquals(ByteSize.mebibytes(16).bytes(), memory.usage().limit());

        bound.set(0);
        assertEquals(ByteSize.mebibytes(64).bytes(), memory.usage().limit());
    }

    @Test
    void shouldRefuseWhatTheHeapCannotHoldAndWhatNobodyCanWorkIn() {
        for (long wrong : new long[] {1, Runtime.getRuntime().maxMemory() + 1}) {
            RespError refused = assertThrows(RespError.class, () -> bound.set(wrong));
            assertTrue(refused.text().contains("the object store"), refused.text());
        }
        assertEquals(ByteSize.mebibytes(64).bytes(), memory.usage().limit());
    }
}

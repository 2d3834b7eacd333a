package dev.holdfast.format.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.Rows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FlatTableTest {
    static LongStream seeds() {
        return Rows.seeds(50);
    }

    @Test
    void shouldReadEveryKindOfFieldThatWasWritten() {
        // given
        var out = new FlatBuilder(1);
        int text = out.string("häuser");
        int bytes = out.bytes(Bytes.utf8("abc"));
        int child = out.i8(0, -3).table();
        int children = out.references(new int[] {child, child});
        int numbers = out.u32s(new int[] {1, -1});
        int root =
                out.u64(0, Long.MIN_VALUE, 0)
                        .u32(1, -1)
                        .u16(2, 0xffff, 0)
                        .i8(3, 1)
                        .reference(4, text)
                        .reference(5, bytes)
                        .reference(6, child)
                        .reference(7, children)
                        .reference(8, numbers)
                        .table();
        // when
        FlatTable table = FlatTable.root(out.finish(root));
        // then
        assertEquals(Long.MIN_VALUE, table.i64(0, 0));
        assertEquals(0xffffffffL, table.u32(1));
        assertEquals(0xffff, table.u16(2, 0));
        assertEquals(true, table.bool(3));
        assertEquals("häuser", table.string(4));
        assertEquals(Bytes.utf8("abc"), table.bytes(5));
        assertEquals(-3, table.requiredTable(6, "child").i8(0));
        assertEquals(2, table.tables(7).count());
        assertEquals(-3, table.tables(7).at(1).i8(0));
        assertEquals(-1, table.u32s(8)[1]);
        assertNull(table.bytes(9));
        assertEquals(0, table.tables(10).count());
        assertEquals(77, table.u16(11, 77));
        assertThrows(FormatException.class, () -> table.requiredBytes(9, "nine"));
        assertThrows(FormatException.class, () -> table.withSlots(8, "table"));
        assertEquals(table, table.withSlots(9, "table"));
    }

    /// Without a bound on what is visited, ten levels of ten thousand references to one table would
    /// be 10^40 tables.
    @Test
    void shouldStopWhereReferencesShareTheirTargets() {
        var out = new FlatBuilder(1);
        int next = out.table();
        for (int level = 0; level < 10; level++) {
            int[] targets = new int[10_000];
            Arrays.fill(targets, next);
            int vector = out.references(targets);
            next = out.reference(0, vector).table();
        }
        FlatTable root = FlatTable.root(out.finish(next));

        assertThrows(FormatException.class, () -> visitAll(root));
    }

    private static void visitAll(FlatTable table) {
        FlatTable.Tables children = table.tables(0);
        for (int i = 0; i < children.count(); i++) visitAll(children.at(i));
    }

    @Test
    void shouldRefuseACountThatTheBufferCannotHold() {
        var out = new FlatBuilder(1);
        int vector = out.u32s(new int[] {1, 2, 3});
        byte[] bytes = out.finish(out.reference(0, vector).table()).toArray();
        int count = bytes.length - 16;
        assertEquals(3, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(count));
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(count, 0x7fffffff);

        FlatTable table = FlatTable.root(Bytes.wrap(bytes));

        assertThrows(FormatException.class, () -> table.u32s(0));
        assertThrows(FormatException.class, () -> table.tables(0));
        assertThrows(FormatException.class, () -> table.bytes(0));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldThrowNothingElseWhateverTheBytes(long seed) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            for (int k = 0; k < bytes.length; k++) bytes[k] = (byte) random.nextInt(16);
            try {
                FlatTable root = FlatTable.root(Bytes.wrap(bytes));
                for (int slot = 0; slot < 6; slot++) readAll(root, slot, 3);
            } catch (FormatException expected) {
                assertEquals(FormatException.class, expected.getClass());
            }
        }
    }

    private static void readAll(FlatTable table, int slot, int depth) {
        tolerate(() -> table.i64(slot, 0));
        tolerate(() -> table.string(slot));
        tolerate(() -> table.bytes(slot));
        tolerate(() -> table.u32s(slot));
        tolerate(() -> {
            FlatTable child = table.table(slot);
            if (child != null && 0 < depth) readAll(child, slot, depth - 1);
        });
        tolerate(() -> {
            FlatTable.Tables children = table.tables(slot);
            for (int i = 0; i < children.count(); i++)
                if (0 < depth) readAll(children.at(i), slot, depth - 1);
        });
    }

    private static void tolerate(Runnable read) {
        try {
            read.run();
        } catch (FormatException expected) {
            assertEquals(FormatException.class, expected.getClass());
        }
    }
}

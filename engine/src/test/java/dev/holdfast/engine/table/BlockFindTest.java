package dev.holdfast.engine.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.iter.RowList;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.engine.iter.TestRow;
import dev.holdfast.format.block.Block;
import dev.holdfast.format.row.Direction;
import dev.holdfast.format.row.FoundRow;
import dev.holdfast.format.row.RowCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockFindTest {
    /// A block that knows nothing but its rows, as those of version 1 do.
    private record PlainBlock(List<TestRow> rows) implements Block {
        @Override
        public RowCursor cursor(Direction direction) {
            return new RowList(rows, Order.valueOf(direction.name()));
        }

        @Override
        public void verify() {}

        @Override
        public int sizeBytes() {
            return 0;
        }
    }

    @Test
    void shouldFindTheNewestRowUpToASequenceNumberByWalking() {
        Seeds.fresh(20)
                .forEach(seed -> {
                    var random = new Random(seed);
                    var rows = new ArrayList<TestRow>();
                    for (int seq = 1; seq <= 60; seq++) rows.add(TestRow.random(random, seq, 20));
                    var block = new PlainBlock(rows);
                    var found = new FoundRow();
                    for (int i = 0; i < 100; i++) {
                        Bytes key = Bytes.utf8("k%04d".formatted(random.nextInt(22)));
                        long seqMax = random.nextInt(62);
                        boolean isThere = block.find(key, seqMax, found);
                        assertEquals(
                                SstReaderTest.newest(rows, key, seqMax),
                                isThere ? SstReaderTest.text(found) : null,
                                "seed=" + seed);
                    }
                });
    }
}

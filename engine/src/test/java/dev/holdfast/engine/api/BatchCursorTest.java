package dev.holdfast.engine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchCursorTest {
    @Test
    void shouldStandBeforeTheFirstRowAgain() {
        // given
        var batch = new WriteBatch();
        batch.put(Bytes.utf8("a"), Bytes.utf8("1"), 7).delete(Bytes.utf8("b"));
        batch.put(Bytes.utf8("c"), Bytes.wrap(new byte[300]));
        BatchCursor rows = batch.cursor();
        List<String> first = rowsOf(rows);
        // when
        List<String> second = rowsOf(rows.again());
        rows.again().next();
        List<String> third = rowsOf(rows.again());
        // then
        assertEquals(List.of("a 7 1 false", "b 0 0 true", "c 0 300 false"), first);
        assertEquals(first, second);
        assertEquals(first, third);
    }

    private static List<String> rowsOf(BatchCursor rows) {
        var found = new ArrayList<String>();
        while (rows.next()) {
            Bytes key = Bytes.wrap(rows.array(), rows.keyOffset(), rows.keyLength());
            long end = rows.hasExpiry() ? rows.expireAtMillis() : 0;
            found.add(
                    new String(key.toArray(), StandardCharsets.UTF_8)
                            + " "
                            + end
                            + " "
                            + rows.valueLength()
                            + " "
                            + rows.isDelete());
        }
        return found;
    }
}

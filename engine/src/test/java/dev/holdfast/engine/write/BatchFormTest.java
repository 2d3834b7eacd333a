package dev.holdfast.engine.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.BatchCursor;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.WriteBatch.Expiry;
import dev.holdfast.engine.iter.TestRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchFormTest {
    private static final Bytes A = Bytes.utf8("a");
    private static final Bytes B = Bytes.utf8("b");
    private static final BatchForm FORM = new BatchForm(TestRow.CONCATENATE, Duration.ZERO);

    private static Bytes value(String text) {
        return Bytes.utf8(text);
    }

    private static List<String> rows(WriteBatch batch) {
        var rows = new ArrayList<String>();
        for (BatchCursor row = batch.cursor(); row.next(); ) {
            String kind = row.isDelete() ? "delete" : row.isMerge() ? "merge" : "put";
            String key = Bytes.copyOf(row.array(), row.keyOffset(), row.keyLength()).toUtf8();
            String value = Bytes.copyOf(row.array(), row.valueOffset(), row.valueLength()).toUtf8();
            String expiry = row.hasExpiry() ? " until " + row.expireAtMillis() : "";
            rows.add(kind + " " + key + " " + value + expiry);
        }
        return rows;
    }

    @Test
    void shouldMakeOneRowOfAllThatABatchMergesIntoAKey() {
        var batch =
                new WriteBatch()
                        .merge(A, value("1"))
                        .put(B, value("x"))
                        .merge(A, value("2"))
                        .merge(B, value("y"))
                        .merge(A, value("3"));

        assertEquals(List.of("merge a 123", "put b xy"), rows(FORM.folded(batch)));
    }

    @Test
    void shouldMergeOntoNothingWhereTheBatchHasRemovedTheKey() {
        var batch = new WriteBatch().put(A, value("old")).delete(A).merge(A, value("new"));

        assertEquals(List.of("put a new"), rows(FORM.folded(batch)));
    }

    @Test
    void shouldForgetOperandsThatTheBatchOverwrites() {
        var batch =
                new WriteBatch()
                        .merge(A, value("1"))
                        .put(A, value("2"))
                        .merge(B, value("1"))
                        .delete(B);

        assertEquals(List.of("put a 2", "delete b "), rows(FORM.folded(batch)));
    }

    @Test
    void shouldPassOnWhatIsInFormAlready() {
        var puts = new WriteBatch().put(A, value("1")).put(A, value("2"), 7).delete(B);
        var merges = new WriteBatch().merge(A, value("1")).merge(B, value("2"));

        assertSame(puts, FORM.folded(puts));
        assertSame(merges, FORM.folded(merges));
        assertSame(puts, FORM.stamped(puts, 1000));
    }

    @Test
    void shouldRefuseWhatOneRowCannotSay() {
        var apart =
                new WriteBatch()
                        .merge(A, value("1"), Expiry.atMillis(5))
                        .merge(A, value("2"), Expiry.atMillis(6));
        var ontoAnother =
                new WriteBatch().put(A, value("1")).merge(A, value("2"), Expiry.atMillis(6));
        var together =
                new WriteBatch()
                        .put(A, value("1"), Expiry.atMillis(6))
                        .merge(A, value("2"), Expiry.atMillis(6));

        assertThrows(Invalid.class, () -> FORM.folded(apart));
        assertThrows(Invalid.class, () -> FORM.folded(ontoAnother));
        assertEquals(List.of("put a 12 until 6"), rows(FORM.folded(together)));
    }

    @Test
    void shouldRefuseToMergeWithoutAnOperator() {
        var form = new BatchForm(null, Duration.ZERO);

        assertThrows(Invalid.class, () -> form.folded(new WriteBatch().merge(A, value("1"))));
    }

    @Test
    void shouldGiveEveryRowTheTimeAtWhichItExpires() {
        var form = new BatchForm(TestRow.CONCATENATE, Duration.ofMillis(500));
        var batch =
                new WriteBatch()
                        .put(A, value("usual"))
                        .put(A, value("never"), Expiry.never())
                        .put(A, value("after"), Expiry.after(Duration.ofMillis(20)))
                        .put(A, value("at"), Expiry.atMillis(3))
                        .put(A, value("far"), Expiry.after(Duration.ofDays(Long.MAX_VALUE / 86400)))
                        .merge(B, value("m"), Expiry.after(Duration.ofMillis(30)))
                        .delete(B);

        assertEquals(
                List.of(
                        "put a usual until 1500",
                        "put a never",
                        "put a after until 1020",
                        "put a at until 3",
                        "put a far",
                        "merge b m until 1030",
                        "delete b "),
                rows(form.stamped(batch, 1000)));
    }
}

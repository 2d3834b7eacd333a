package dev.holdfast.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.check.ListAppend.Strictness;
import dev.holdfast.simulation.check.Transaction.Outcome;
import dev.holdfast.simulation.check.Transaction.Step;
import dev.holdfast.simulation.check.Transaction.Step.Append;
import dev.holdfast.simulation.check.Transaction.Step.Read;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListAppendTest {
    private final List<Transaction> history = new ArrayList<>();

    private static Read read(String key, Integer... elements) {
        return new Read(key, List.of(elements));
    }

    /// Transactions that all overlap: only what they saw orders them.
    private ListAppendTest transaction(Step... steps) {
        return transaction(Outcome.COMMITTED, 1, 100, steps);
    }

    private ListAppendTest transaction(Outcome outcome, long call, long end, Step... steps) {
        history.add(new Transaction(history.size(), List.of(steps), outcome, call, end));
        return this;
    }

    private void isRight() {
        assertEquals(List.of(), ListAppend.check(history, Strictness.STRICT_SERIALIZABLE));
    }

    private void has(String anomaly) {
        List<String> found = ListAppend.check(history, Strictness.SERIALIZABLE);
        assertTrue(found.toString().contains(anomaly), found.toString());
    }

    @Test
    void shouldAcceptOneAfterTheOther() {
        transaction(Outcome.COMMITTED, 1, 2, read("x"), new Append("x", 1));
        transaction(Outcome.COMMITTED, 3, 4, read("x", 1), new Append("x", 2), read("x", 1, 2));
        transaction(Outcome.UNKNOWN, 5, 6, read("x", 1, 2), new Append("x", 3));
        transaction(Outcome.COMMITTED, 7, 8, read("x", 1, 2, 3), read("y"));
        isRight();
    }

    @Test
    void shouldFindAWriteCycle() {
        transaction(new Append("x", 1), new Append("y", 1));
        transaction(new Append("x", 2), new Append("y", 2));
        transaction(read("x", 1, 2), read("y", 2, 1));
        has("G0");
    }

    @Test
    void shouldFindAnAbortedRead() {
        transaction(Outcome.ABORTED, 1, 2, new Append("x", 1));
        transaction(read("x", 1));
        has("G1a");
    }

    @Test
    void shouldFindAnIntermediateRead() {
        transaction(new Append("x", 1), new Append("x", 2));
        transaction(read("x", 1));
        has("G1b");
    }

    @Test
    void shouldFindACircularFlow() {
        transaction(new Append("x", 1), read("y", 1));
        transaction(new Append("y", 1), read("x", 1));
        has("G1c");
    }

    @Test
    void shouldFindALostUpdate() {
        transaction(read("x"), new Append("x", 1));
        transaction(read("x"), new Append("x", 2));
        transaction(read("x", 1, 2));
        has("G-single");
    }

    @Test
    void shouldFindAnUpdateThatWasWrittenOver() {
        transaction(read("x"), new Append("x", 1), new Append("y", 1));
        transaction(read("x"), new Append("x", 2));
        transaction(read("x", 2), read("y", 1));
        has("G-single");
    }

    @Test
    void shouldFindAReadSkew() {
        transaction(new Append("x", 1), new Append("y", 1));
        transaction(read("x"), read("y", 1));
        has("G-single");
    }

    @Test
    void shouldFindAWriteSkew() {
        transaction(read("x"), read("y"), new Append("y", 1));
        transaction(read("x"), read("y"), new Append("x", 1));
        transaction(read("x", 1), read("y", 1));
        has("G2");
    }

    @Test
    void shouldAllowNothingButWriteSkewAtSnapshotIsolation() {
        transaction(read("x"), read("y"), new Append("y", 1));
        transaction(read("x"), read("y"), new Append("x", 1));
        transaction(read("x", 1), read("y", 1));
        assertEquals(List.of(), ListAppend.check(history, Strictness.SNAPSHOT));
    }

    @Test
    void shouldFindWhatSnapshotIsolationForbids() {
        // A long fork: two observers disagree on which of two independent appends came first.
        transaction(new Append("x", 1));
        transaction(new Append("y", 1));
        transaction(read("x", 1), read("y"));
        transaction(read("x"), read("y", 1));
        transaction(read("x", 1), read("y", 1));
        List<String> found = ListAppend.check(history, Strictness.SNAPSHOT);
        assertTrue(found.toString().contains("G-nonadjacent"), found.toString());
    }

    @Test
    void shouldFindALostUpdateAtSnapshotIsolationToo() {
        transaction(read("x"), new Append("x", 1));
        transaction(read("x"), new Append("x", 2));
        transaction(read("x", 1, 2));
        List<String> found = ListAppend.check(history, Strictness.SNAPSHOT);
        assertTrue(found.toString().contains("G-nonadjacent"), found.toString());
    }

    @Test
    void shouldFindAStaleReadOnlyWhereTimeCounts() {
        transaction(Outcome.COMMITTED, 1, 2, new Append("x", 1));
        transaction(Outcome.COMMITTED, 3, 4, read("x"));
        transaction(Outcome.COMMITTED, 5, 6, read("x", 1));

        assertEquals(List.of(), ListAppend.check(history, Strictness.SERIALIZABLE));
        List<String> found = ListAppend.check(history, Strictness.STRICT_SERIALIZABLE);
        assertTrue(found.toString().contains("stale"), found.toString());
    }

    @Test
    void shouldFindGarbageDuplicatesAndIncompatibleOrders() {
        transaction(new Append("x", 1), new Append("y", 1));
        transaction(new Append("x", 2));
        transaction(read("x", 1, 7));
        transaction(read("y", 1, 1));
        transaction(read("x", 1, 2));
        transaction(read("x", 2, 1));
        has("garbage");
        has("duplicate");
        has("incompatible");
    }

    @Test
    void shouldFindOwnAppendsThatAreNotSeen() {
        transaction(new Append("x", 1), read("x"));
        has("own appends");
    }
}

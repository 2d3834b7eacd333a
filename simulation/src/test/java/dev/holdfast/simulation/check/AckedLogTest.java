package dev.holdfast.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.simulation.check.Sight.Seen;
import dev.holdfast.simulation.check.Write.Fate;
import dev.holdfast.simulation.check.Write.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AckedLogTest {
    private final List<Life> lives = new ArrayList<>();
    private final List<Write> writes = new ArrayList<>();
    private final List<Sight> sights = new ArrayList<>();
    private long now;

    AckedLogTest() {
        life(0);
    }

    /// Lives are numbered, and have epochs, in the order of this test.
    private void life(long base) {
        lives.add(new Life(lives.size(), lives.size() + 1, base, ++now));
    }

    private static Row row(String key, @Nullable String value) {
        return new Row(key, value);
    }

    private void durable(int life, long seq, Row... rows) {
        long call = ++now;
        long end = ++now;
        writes.add(
                new Write(
                        writes.size(),
                        life,
                        List.of(rows),
                        Fate.ACKNOWLEDGED,
                        seq,
                        call,
                        end,
                        end));
    }

    private void applied(int life, long seq, Row... rows) {
        writes.add(
                new Write(
                        writes.size(),
                        life,
                        List.of(rows),
                        Fate.ACKNOWLEDGED,
                        seq,
                        ++now,
                        ++now,
                        Write.NEVER));
    }

    private void untold(int life, Fate fate, Row... rows) {
        long call = ++now;
        writes.add(
                new Write(
                        writes.size(),
                        life,
                        List.of(rows),
                        fate,
                        Write.UNKNOWN_SEQ,
                        call,
                        Write.NEVER,
                        Write.NEVER));
    }

    /// Keys, values and numbers by turns.
    private void seen(int life, long seq, Object... found) {
        var keys = new TreeMap<String, Seen>();
        for (int i = 0; i < found.length; i += 3)
            keys.put((String) found[i], new Seen((String) found[i + 1], (int) found[i + 2]));
        sights.add(new Sight("observer", life, seq, keys, ++now, ++now));
    }

    private List<String> findings() {
        return AckedLog.check(new LogHistory(lives, writes, sights));
    }

    private void isRight() {
        assertEquals(List.of(), findings());
    }

    private void has(String what) {
        assertTrue(findings().toString().contains(what), findings().toString());
    }

    @Test
    void shouldAcceptALossThatIsASuffixOfWhatWasNotDurable() {
        durable(0, 1, row("a", "1"), row("b", "1"));
        applied(0, 2, row("a", "2"));
        applied(0, 3, row("b", "3"));
        life(2);
        seen(1, 2, "a", "2", 2, "b", "1", 1);
        durable(1, 3, row("a", null));
        seen(1, 3, "a", null, 3, "b", "1", 1);
        isRight();
    }

    @Test
    void shouldFindADurableWriteThatIsLost() {
        durable(0, 1, row("a", "1"));
        durable(0, 2, row("a", "2"));
        life(1);
        has("lost");
    }

    @Test
    void shouldFindADurableWriteThatIsNotSeen() {
        durable(0, 1, row("a", "1"));
        durable(0, 2, row("b", "2"));
        life(2);
        seen(1, 2, "a", null, 0, "b", "2", 2);
        has("a should be 1");
    }

    @Test
    void shouldFindALossInTheMiddle() {
        applied(0, 1, row("a", "1"));
        applied(0, 2, row("b", "2"));
        life(2);
        seen(1, 2, "a", null, 0, "b", "2", 2);
        has("a should be 1");
    }

    @Test
    void shouldFindHalfABatch() {
        untold(0, Fate.UNKNOWN, row("a", "1"), row("b", "1"));
        life(1);
        seen(1, 1, "a", "1", 1, "b", null, 0);
        has("b should be 1");
    }

    @Test
    void shouldLetAnUntoldWriteBeThereWholeOrNotAtAll() {
        untold(0, Fate.UNKNOWN, row("a", "1"), row("b", "1"));
        life(1);
        seen(1, 1, "a", "1", 1, "b", "1", 1);
        isRight();
        lives.removeLast();
        sights.clear();
        life(0);
        seen(1, 0, "a", null, 0, "b", null, 0);
        isRight();
    }

    @Test
    void shouldFindAPhantomAndARefusedWrite() {
        untold(0, Fate.REFUSED, row("a", "1"));
        seen(0, 0, "a", "1", 1);
        has("REFUSED");
        sights.clear();
        seen(0, 0, "a", "never", 1);
        has("never written");
    }

    @Test
    void shouldFindAResurrection() {
        durable(0, 1, row("a", "1"));
        durable(0, 2, row("a", null));
        life(2);
        seen(1, 2, "a", "1", 1);
        has("a should be null");
    }

    @Test
    void shouldFindAWriteOfALostSuffixThatComesBack() {
        applied(0, 1, row("a", "1"));
        life(0);
        durable(1, 1, row("b", "2"));
        life(1);
        seen(2, 1, "a", "1", 1, "b", "2", 1);
        has("write 0");
    }

    @Test
    void shouldFindAZombie() {
        durable(0, 1, row("a", "1"));
        life(2);
        durable(0, 2, row("a", "2"));
        has("zombie");
    }

    @Test
    void shouldFindNumbersAgainstTime() {
        durable(0, 2, row("a", "1"));
        durable(0, 1, row("a", "2"));
        has("numbered too low");
    }

    @Test
    void shouldFindOneNumberForTwoWrites() {
        durable(0, 1, row("a", "1"));
        durable(0, 1, row("b", "2"));
        has("has number 1");
    }

    @Test
    void shouldFindCommitsThatNobodyMade() {
        durable(0, 1, row("a", "1"));
        life(4);
        has("more commits than writes");
    }

    @Test
    void shouldFindALifeThatRecoversLessThanTheOneBefore() {
        durable(0, 1, row("a", "1"));
        life(1);
        life(0);
        has("after life 1");
    }

    @Test
    void shouldExplainWhatIsSeenFromOutsideByAnyPrefixThatIsNewEnough() {
        durable(0, 1, row("a", "1"));
        applied(0, 2, row("a", "2"));
        applied(0, 3, row("b", "3"));
        seen(Sight.FROM_OUTSIDE, Sight.UNKNOWN_SEQ, "a", "2", -1, "b", null, -1);
        isRight();
        seen(Sight.FROM_OUTSIDE, Sight.UNKNOWN_SEQ, "a", "1", -1, "b", "3", -1);
        has("a should be 2");
    }

    @Test
    void shouldFindAReaderThatMissesWhatWasDurable() {
        durable(0, 1, row("a", "1"));
        seen(Sight.FROM_OUTSIDE, Sight.UNKNOWN_SEQ, "a", null, -1);
        has("a should be 1");
    }

    @Test
    void shouldFindAViewOlderThanWhatWasAcknowledged() {
        applied(0, 1, row("a", "1"));
        seen(0, 0, "a", null, 0);
        has("should have seen 1");
    }

    @Test
    void shouldHoldWhatIsAddedToTheOrderOfCommits() {
        durable(0, 1, Row.added("m", "1;"));
        applied(0, 2, Row.added("m", "2;"));
        for (String wrong : new String[] {"1;", "2;", "2;1;", "1;1;2;", "1;2;2;", "1;3;2;"}) {
            seen(0, 2, "m", wrong, 2);
            has("m should be 1;2;");
            sights.clear();
        }
        seen(0, 2, "m", "1;2;", 2);
        isRight();
        applied(0, 3, row("m", "3;"));
        applied(0, 4, Row.added("m", "4;"));
        seen(0, 4, "m", "3;4;", 4);
        isRight();
        seen(0, 4, "m", "1;2;3;4;", 4);
        has("m should be 3;4;");
    }

    @Test
    void shouldLetAnUntoldElementBeThereOrNot() {
        durable(0, 1, Row.added("m", "1;"));
        untold(0, Fate.UNKNOWN, Row.added("m", "2;"));
        durable(0, 3, Row.added("m", "3;"));
        seen(0, 3, "m", "1;2;3;", 3);
        isRight();
        sights.clear();
        seen(0, 3, "m", "1;3;", 3);
        isRight();
        seen(0, 3, "m", "2;3;", 3);
        has("m should be 1;3;");
        sights.clear();
        untold(0, Fate.UNKNOWN, row("m", null));
        seen(0, 3, "m", "2;3;", 3);
        isRight();
        seen(0, 3, "m", "2;1;", 3);
        has("m should be 1;3;");
    }

    @Test
    void shouldLetAValueBeGoneOnceItsTimeIsOver() {
        durable(0, 1, row("e", "1"));
        durable(0, 2, Row.expiring("e", "2", 50));
        seenAt(49, "e", "2");
        isRight();
        seenAt(50, "e", null);
        isRight();
        sights.clear();
        seenAt(49, "e", null);
        has("e should be 2");
        sights.clear();
        seenAt(60, "e", "1");
        has("e should be 2");
    }

    @Test
    void shouldLetAnUntoldValueHideWhatWasThere() {
        durable(0, 1, row("e", "1"));
        untold(0, Fate.UNKNOWN, Row.expiring("e", "2", 50));
        seenAt(60, "e", null);
        isRight();
        seenAt(40, "e", null);
        has("e should be 1");
    }

    private void seenAt(long wallMillis, String key, @Nullable String value) {
        var keys = new TreeMap<String, Seen>();
        keys.put(key, new Seen(value, Sight.UNKNOWN_SEQ));
        long seq = Sight.UNKNOWN_SEQ;
        sights.add(new Sight("observer", 0, seq, keys, ++now, ++now, wallMillis));
    }

    @Test
    void shouldNotMissTheNumbersThatAnIngestLeavesOut() {
        long leap = 1L << 30;
        durable(0, 1, row("a", "1"));
        durable(0, 1 + leap, row("a", "2"), row("b", "2"));
        durable(0, 2 + leap, row("a", "3"));
        life(2 + leap);
        isRight();
        seenFrom(1, 2 + leap, "a", "3");
        seenFrom(Sight.FROM_OUTSIDE, Sight.UNKNOWN_SEQ, "a", "3");
        isRight();
        life(4 + leap);
        has("more commits than writes");
    }

    private void seenFrom(int life, long seq, String key, String value) {
        var keys = new TreeMap<String, Seen>();
        keys.put(key, new Seen(value, Sight.UNKNOWN_SEQ));
        sights.add(new Sight("observer", life, seq, keys, ++now, ++now));
    }
}

package dev.holdfast.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.simulation.check.Register.Request;
import dev.holdfast.simulation.check.Register.Request.Compare;
import dev.holdfast.simulation.check.Register.Request.Get;
import dev.holdfast.simulation.check.Register.Request.Put;
import dev.holdfast.simulation.check.Wgl.Decision;
import dev.holdfast.simulation.check.Wgl.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RegisterTest {
    private final List<Operation<Request, String>> history = new ArrayList<>();

    private RegisterTest put(String value, long call, long end) {
        history.add(new Operation<>(new Put(value), Register.DONE, call, end));
        return this;
    }

    private RegisterTest pending(Request request, long call) {
        history.add(new Operation<>(request, null, call, Operation.NEVER));
        return this;
    }

    private RegisterTest inDoubt(Request request, long call, long end) {
        history.add(new Operation<>(request, null, call, end));
        return this;
    }

    private RegisterTest get(String found, long call, long end) {
        history.add(new Operation<>(new Get(), found, call, end));
        return this;
    }

    private RegisterTest compared(String expected, String value, long call, long end) {
        history.add(new Operation<>(new Compare(expected, value), Register.DONE, call, end));
        return this;
    }

    private void is(Decision decision) {
        assertEquals(decision, Register.check(Register.ABSENT, history), history.toString());
    }

    @Test
    void shouldAcceptReadsThatOverlapAWrite() {
        put("a", 1, 10).get(Register.ABSENT, 2, 3).get("a", 4, 5).get("a", 11, 12);
        is(Decision.LINEARIZABLE);
    }

    @Test
    void shouldFindAReadThatGoesBack() {
        put("a", 1, 10).get("a", 2, 3).get(Register.ABSENT, 4, 5);
        is(Decision.IMPOSSIBLE);
    }

    @Test
    void shouldFindAStaleRead() {
        put("a", 1, 2).put("b", 3, 4).get("a", 5, 6);
        is(Decision.IMPOSSIBLE);
    }

    @Test
    void shouldFindADeletedValueThatIsBack() {
        put("a", 1, 2).put(Register.ABSENT, 3, 4).get("a", 5, 6);
        is(Decision.IMPOSSIBLE);
    }

    @Test
    void shouldFindAValueThatNobodyWrote() {
        get("ghost", 1, 2);
        is(Decision.IMPOSSIBLE);
    }

    @Test
    void shouldLetAPendingWriteHappenLateOrNever() {
        pending(new Put("a"), 1).get(Register.ABSENT, 2, 3).get("a", 8, 9);
        is(Decision.LINEARIZABLE);
        history.clear();
        pending(new Put("a"), 1).get(Register.ABSENT, 2, 3);
        is(Decision.LINEARIZABLE);
    }

    @Test
    void shouldFindAPendingWriteThatWasTakenBack() {
        pending(new Put("a"), 1).get("a", 2, 3).get(Register.ABSENT, 4, 5);
        is(Decision.IMPOSSIBLE);
    }

    @Test
    void shouldLetAWriteInDoubtHappenBeforeItsEndOrNever() {
        inDoubt(new Put("a"), 1, 5).get(Register.ABSENT, 2, 3).get("a", 6, 7);
        is(Decision.LINEARIZABLE);
        history.clear();
        inDoubt(new Put("a"), 1, 5).get(Register.ABSENT, 6, 7).get(Register.ABSENT, 8, 9);
        is(Decision.LINEARIZABLE);
        history.clear();
        inDoubt(new Put("a"), 1, 5).inDoubt(new Put("b"), 2, 5).get("a", 6, 7).get("a", 8, 9);
        is(Decision.LINEARIZABLE);
    }

    @Test
    void shouldFindAWriteInDoubtThatHappensAfterItsEnd() {
        inDoubt(new Put("a"), 1, 5).get(Register.ABSENT, 6, 7).get("a", 8, 9);
        is(Decision.IMPOSSIBLE);
        history.clear();
        put("b", 6, 7).inDoubt(new Put("a"), 1, 5).get("b", 8, 9).get("a", 10, 11);
        is(Decision.IMPOSSIBLE);
    }

    @Test
    void shouldFindTwoComparesThatBothWon() {
        compared(Register.ABSENT, "a", 1, 4).compared(Register.ABSENT, "b", 2, 5);
        is(Decision.IMPOSSIBLE);
    }

    @Test
    void shouldAcceptOneCompareAfterTheOther() {
        compared(Register.ABSENT, "a", 1, 4).compared("a", "b", 2, 5).get("b", 6, 7);
        is(Decision.LINEARIZABLE);
    }

    @Test
    void shouldGiveUpRatherThanSearchForEver() {
        for (int i = 0; i < 40; i++) put("v" + i, 1, 100);
        get("nobody's", 50, 101);
        Wgl.Model<String, Request, String> model = new Register(Register.ABSENT);
        assertEquals(Decision.UNDECIDED, Wgl.check(model, history, 10_000));
    }

    /// Runs that one thread after another really made, blurred: always possible. With one answer
    /// exchanged for that of a value overwritten before the get began: never.
    @Test
    void shouldDecideRandomHistoriesAsTheyWereMade() {
        for (long seed = 0; seed < 300; seed++) {
            history.clear();
            var chance = new SplittableRandom(seed);
            String value = Register.ABSENT;
            for (int at = 10; at < 400; at += 10) {
                long call = at - chance.nextInt(9);
                long end = at + chance.nextInt(9);
                if (chance.nextBoolean()) get(value, call, end);
                else {
                    value = "v" + at;
                    put(value, call, end);
                }
            }
            is(Decision.LINEARIZABLE);
            put("overwritten", 500, 501).put("last", 502, 503).get("overwritten", 504, 505);
            is(Decision.IMPOSSIBLE);
        }
    }
}

package dev.holdfast.system.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.holdfast.simulation.check.ListAppend;
import dev.holdfast.simulation.check.ListAppend.Strictness;
import dev.holdfast.simulation.check.Transaction;
import dev.holdfast.simulation.check.Transaction.Outcome;
import dev.holdfast.simulation.check.Transaction.Step;
import dev.holdfast.simulation.check.Wgl.Decision;
import dev.holdfast.simulation.check.Wgl.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Histories that were made by one thread after another, blurred, are possible; with one wrong
/// answer planted into them they are not.
class PlantedHistoryTest {
    private static final int REQUESTS = 150;
    private static final int SEEDS = 20;

    private final List<Operation<List<String>, String>> history = new ArrayList<>();
    private List<String> state = List.of();
    private List<String> before = List.of();
    private long time = 100;

    static List<Family> families() {
        return List.of(
                new Strings(),
                new Counters(),
                new Lists(),
                new Sets(),
                new Hashes(),
                new SortedSets(),
                new Streams(),
                new BankAccounts());
    }

    @ParameterizedTest
    @MethodSource("families")
    void shouldAcceptWhatOneThreadMade(Family family) {
        for (int seed = 0; seed < SEEDS; seed++) {
            begin(family, seed);
            look(family, state);
            assertEquals(Decision.LINEARIZABLE, decide(family), "seed=" + seed);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void shouldFindAStaleRead(Family family) {
        for (int seed = 0; seed < SEEDS; seed++) {
            begin(family, seed);
            look(family, state);
            look(family, before);
            assertEquals(Decision.IMPOSSIBLE, decide(family), "seed=" + seed);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void shouldFindAnAcknowledgedChangeThatIsLost(Family family) {
        for (int seed = 0; seed < SEEDS; seed++) {
            begin(family, seed);
            look(family, before);
            assertEquals(Decision.IMPOSSIBLE, decide(family), "seed=" + seed);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void shouldFindAChangeThatComesAfterItsServerDied(Family family) {
        for (int seed = 0; seed < SEEDS; seed++) {
            begin(family, seed);
            var chance = new SplittableRandom(seed);
            List<String> request = changing(family, chance);
            List<String> changed = family.outcome(state, request).after();
            history.add(new Operation<>(request, null, time, time + 5));
            time += 10;
            look(family, state);
            assertEquals(Decision.LINEARIZABLE, decide(family), "seed=" + seed);
            look(family, changed);
            assertEquals(Decision.IMPOSSIBLE, decide(family), "seed=" + seed);
        }
    }

    @Test
    void shouldFindAnUpdateThatIsLost() {
        history.add(new Operation<>(List.of("INCR"), "1", 1, 10));
        history.add(new Operation<>(List.of("INCR"), "1", 2, 9));
        assertEquals(Decision.IMPOSSIBLE, decide(new Counters()));
    }

    @Test
    void shouldFindTwoWatchersThatBothWon() {
        history.add(new Operation<>(List.of("CAS", "null", "a"), "OK", 1, 10));
        history.add(new Operation<>(List.of("CAS", "null", "b"), "OK", 2, 9));
        assertEquals(Decision.IMPOSSIBLE, decide(new Strings()));
        history.removeLast();
        history.add(new Operation<>(List.of("CAS", "null", "b"), "null", 2, 9));
        assertEquals(Decision.LINEARIZABLE, decide(new Strings()));
    }

    @Test
    void shouldFindHalfOfATransfer() {
        history.add(new Operation<>(List.of("MOVE", "0", "1", "5"), "[-5, 5]", 1, 4));
        history.add(new Operation<>(List.of("BALANCES"), "[-5, 0, 0, 0]", 2, 3));
        assertEquals(Decision.IMPOSSIBLE, decide(new BankAccounts()));
    }

    @Test
    void shouldFindAnErrorWhereAnAnswerWasDue() {
        history.add(new Operation<>(List.of("GET"), "Failure[message=ERR unwell]", 1, 4));
        assertEquals(Decision.IMPOSSIBLE, decide(new Strings()));
    }

    @Test
    void shouldFindTransactionsThatSawHalfOfAnother() {
        var writer = transaction(1, append("x", 1), append("y", 2));
        var reader = transaction(2, read("x", 1), read("y"));
        assertNotEquals(List.of(), check(writer, reader));
        assertEquals(List.of(), check(writer, transaction(2, read("x", 1), read("y", 2))));
    }

    @Test
    void shouldFindTransactionsThatBothSawNothingAndAppended() {
        var one = transaction(1, read("x"), append("x", 1));
        var other = transaction(2, read("x"), append("x", 2));
        assertNotEquals(List.of(), check(one, other, transaction(3, read("x", 1, 2))));
    }

    private static List<String> check(Transaction... transactions) {
        return ListAppend.check(List.of(transactions), Strictness.STRICT_SERIALIZABLE);
    }

    private static Transaction transaction(int id, Step... steps) {
        return new Transaction(id, List.of(steps), Outcome.COMMITTED, 1, 100);
    }

    private static Step append(String key, int element) {
        return new Step.Append(key, element);
    }

    private static Step read(String key, Integer... elements) {
        return new Step.Read(key, List.of(elements));
    }

    /// A history whose last request changed something.
    private void begin(Family family, long seed) {
        var chance = new SplittableRandom(seed);
        history.clear();
        state = List.of();
        for (int i = 0; i < REQUESTS; i++) ask(family, family.request(chance, "v" + i), chance);
        time += 40;
        ask(family, changing(family, chance), chance);
        time += 20;
    }

    private List<String> changing(Family family, SplittableRandom chance) {
        while (true) {
            List<String> request = family.request(chance, "w" + chance.nextInt(1_000_000));
            List<String> after = family.outcome(state, request).after();
            if (!looked(family, after).equals(looked(family, state))) return request;
        }
    }

    private void ask(Family family, List<String> request, SplittableRandom chance) {
        Family.Outcome outcome = family.outcome(state, request);
        time += 10;
        long call = time - chance.nextInt(15);
        history.add(new Operation<>(request, outcome.reply(), call, time + chance.nextInt(15)));
        before = state;
        state = outcome.after();
    }

    private void look(Family family, List<String> seen) {
        history.add(new Operation<>(family.look(), looked(family, seen), time + 1, time + 2));
        time += 10;
    }

    private static String looked(Family family, List<String> seen) {
        return family.outcome(seen, family.look()).reply();
    }

    private Decision decide(Family family) {
        return new FamilyModel(family).check(history);
    }
}

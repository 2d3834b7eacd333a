package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Plants what a broken server could show, and sees the judge find it.
class LedgerTest {
    private static final int SENT = 200;
    private static final int ACKNOWLEDGED = 190;

    private final Ledger ledger = new Ledger(7, 2);
    private final Map<Integer, Integer> log = Map.of(0, ACKNOWLEDGED, 1, ACKNOWLEDGED);

    @BeforeEach
    void send() {
        for (Track track : ledger.tracks()) for (int i = 0; i < SENT; i++) track.send();
        for (Track track : ledger.tracks())
            for (int i = 0; i < ACKNOWLEDGED; i++) track.acknowledge();
    }

    @Test
    void shouldAcceptEveryPrefixThatHoldsWhatWasAcknowledged() {
        for (int kept = ACKNOWLEDGED; kept <= SENT; kept++) {
            var found = states(kept, SENT);
            assertDoesNotThrow(() -> ledger.checkKept(found, log));
        }
    }

    @Test
    void shouldFindALostWrite() {
        var failure =
                assertThrows(
                        AssertionError.class,
                        () -> ledger.checkKept(states(ACKNOWLEDGED - 3, SENT), log));

        assertTrue(failure.getMessage().contains("lost writes"), failure.getMessage());
    }

    @Test
    void shouldFindATornBatch() {
        // given
        Track track = ledger.tracks().getFirst();
        int torn = ACKNOWLEDGED;
        while (track.operation(torn).kind() != Operation.Kind.MSET) torn++;
        var state = new TreeMap<>(track.stateAfter(torn + 1));
        String key = Operation.key(0, track.operation(torn).slots().getFirst());
        state.put(key, "1:");
        // when, then
        assertThrows(
                AssertionError.class,
                () ->
                        ledger.checkKept(
                                List.of(state, ledger.tracks().getLast().stateAfter(SENT)), log));
    }

    @Test
    void shouldFindAPhantom() {
        var state = new TreeMap<>(ledger.tracks().getFirst().stateAfter(SENT));
        state.put(Operation.key(0, 3), "999:");

        assertThrows(
                AssertionError.class,
                () ->
                        ledger.checkPrefix(
                                List.of(state, ledger.tracks().getLast().stateAfter(SENT))));
    }

    @Test
    void shouldFindAHoleAcrossClients() {
        // given: the first client's last write was sent after the second's were acknowledged
        Track first = ledger.tracks().getFirst();
        first.send();
        // when, then
        assertDoesNotThrow(() -> ledger.checkPrefix(states(SENT - 100, 10)));
        assertThrows(AssertionError.class, () -> ledger.checkPrefix(states(SENT + 1, 10)));
    }

    @Test
    void shouldFindWhatAReaderSawTakenBack() {
        ledger.tracks().getFirst().observe((SENT - 2) + ":");

        assertThrows(AssertionError.class, () -> ledger.checkKept(states(ACKNOWLEDGED, SENT), log));
    }

    @Test
    void shouldFindAnAppliedWriteWithoutReply() {
        assertDoesNotThrow(() -> ledger.checkExact(states(ACKNOWLEDGED, ACKNOWLEDGED)));
        assertThrows(
                AssertionError.class,
                () -> ledger.checkExact(states(ACKNOWLEDGED + 1, ACKNOWLEDGED)));
    }

    private List<Map<String, String>> states(int first, int second) {
        return List.of(
                ledger.tracks().getFirst().stateAfter(first),
                ledger.tracks().getLast().stateAfter(second));
    }
}

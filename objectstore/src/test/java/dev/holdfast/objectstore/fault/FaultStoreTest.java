package dev.holdfast.objectstore.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.PutResult.AlreadyExists;
import dev.holdfast.objectstore.api.PutResult.Stored;
import dev.holdfast.objectstore.api.PutResult.Unknown;
import dev.holdfast.objectstore.fault.CrashingStore.Moment;
import dev.holdfast.objectstore.fault.Fault.BitFlip;
import dev.holdfast.objectstore.fault.Fault.FailBefore;
import dev.holdfast.objectstore.fault.Fault.Late;
import dev.holdfast.objectstore.fault.Fault.LostReply;
import dev.holdfast.objectstore.fault.Fault.Outage;
import dev.holdfast.objectstore.fault.Fault.Truncated;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FaultStoreTest {
    private static final List<Bytes> BODY = List.of(Bytes.utf8("0123456789abcdef"));
    private final MemoryStore memory = new MemoryStore();

    @Test
    void shouldDoNothingWhenTheRequestIsLost() {
        // given
        var store = faulty(Map.of(0L, new FailBefore()));
        // then
        assertThrows(Unavailable.class, () -> store.put("a", BODY));
        assertNull(memory.get("a"));
        assertInstanceOf(Stored.class, store.put("a", BODY));
    }

    @Test
    void shouldCarryOutWhatItsReplyIsLostOf() {
        // given
        var store = faulty(Map.of(0L, new LostReply(), 1L, new LostReply()));
        // then
        assertInstanceOf(Unknown.class, store.put("a", BODY));
        assertEquals(BODY.getFirst(), memory.get("a"));
        assertThrows(Unavailable.class, () -> store.delete("a"));
        assertNull(memory.get("a"));
    }

    @Test
    void shouldLetALatePutArriveWhenItIsDue() {
        // given
        var store = faulty(Map.of(0L, new Late(2)));
        Ulid putId = Ulid.next(Env.system());
        // when
        assertInstanceOf(Unknown.class, store.putIfAbsent("a", BODY, putId));
        // then
        assertNull(store.get("a"));
        assertNull(store.get("a"));
        assertEquals(BODY.getFirst(), store.get("a"));
        assertInstanceOf(
                AlreadyExists.class, store.putIfAbsent("a", BODY, Ulid.next(Env.system())));
    }

    @Test
    void shouldSpoilBodiesOnlyAsPlanned() {
        // given
        memory.put("a", BODY);
        var store = faulty(Map.of(0L, new Truncated(128), 1L, new BitFlip(9)));
        // then
        assertEquals(Bytes.utf8("01234567"), store.get("a"));
        assertEquals(Bytes.utf8("03234567"), store.get("a", 0, 8));
        assertEquals(BODY.getFirst(), store.get("a"));
    }

    @Test
    void shouldStayAwayForAsLongAsTheOutageLasts() {
        // given
        memory.put("a", BODY);
        var store = faulty(Map.of(1L, new Outage(2)));
        // then
        assertEquals(BODY.getFirst(), store.get("a"));
        assertThrows(Unavailable.class, () -> store.get("a"));
        assertThrows(Unavailable.class, () -> store.list("", null, 1));
        assertThrows(Unavailable.class, () -> store.put("b", BODY));
        assertEquals(BODY.getFirst(), store.get("a"));
        assertEquals(3, store.struck());
    }

    @Test
    void shouldPlanTheSameFaultsWhenTheSeedIsTheSame() {
        // given
        var rates = new FaultRates(100, 100, 100, 100, 100, 100, 100, 3, 3, Duration.ofMillis(1));
        // when
        List<Fault> first = faults(FaultPlan.seeded(42, rates));
        // then
        assertEquals(first, faults(FaultPlan.seeded(42, rates)));
        assertNotEquals(first, faults(FaultPlan.seeded(43, rates)));
        Set<Class<?>> kinds = new HashSet<>();
        first.forEach(fault -> kinds.add(fault.getClass()));
        assertEquals(8, kinds.size(), kinds.toString());
    }

    @Test
    void shouldLeaveBehindWhatHappenedBeforeTheCrash() {
        for (Moment moment : Moment.values()) {
            // given
            var store = new CrashingStore(new MemoryStore(), 1, moment);
            store.put("first", BODY);
            // when
            assertInstanceOf(Unknown.class, store.put("last", BODY));
            // then
            assertTrue(store.hasCrashed());
            assertThrows(Refused.class, () -> store.get("first"));
            assertThrows(Refused.class, () -> store.put("more", BODY));
            var left = store.asLeftBehind();
            assertEquals(BODY.getFirst(), left.get("first"));
            assertEquals(moment == Moment.APPLIED, left.get("last") != null, moment.name());
            store.landLate();
            assertEquals(moment != Moment.BEFORE, left.get("last") != null, moment.name());
            assertNull(left.get("more"));
        }
    }

    @Test
    void shouldCountCallsByKind() {
        // given
        var store = new CountingStore();
        // when
        store.put("a", BODY);
        store.get("a");
        store.get("a", 0, 1);
        // then
        assertEquals(3, store.calls());
        assertEquals(2, store.calls(Operation.GET));
        assertEquals(1, store.calls(Operation.PUT));
    }

    private FaultStore faulty(Map<Long, Fault> script) {
        return new FaultStore(memory, FaultPlan.script(script), Env.system());
    }

    private static List<Fault> faults(FaultPlan plan) {
        return LongStream.range(0, 500)
                .mapToObj(n -> plan.faultOf(new StoreCall(n, Operation.GET, "a")))
                .toList();
    }
}

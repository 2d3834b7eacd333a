package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import dev.holdfast.engine.iter.Seeds;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.fault.CountingStore;
import dev.holdfast.objectstore.fault.Fault;
import dev.holdfast.objectstore.fault.FaultPlan;
import dev.holdfast.objectstore.fault.FaultRates;
import dev.holdfast.objectstore.fault.FaultStore;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Loses the reply of one call after another: nobody may be fenced by its own writes (OBJ-03,
/// OBJ-04, OBJ-08, MAN-04).
class LostReplyTest {
    private static final int STEPS = 25;

    static LongStream seeds() {
        return Seeds.fresh(3);
    }

    /// A store that keeps no attributes.
    private static final class Forgetful extends ForwardingStore {
        Forgetful() {
            super(new MemoryStore());
        }

        @Override
        public ObjectMeta head(String name) {
            ObjectMeta meta = inner.head(name);
            if (meta == null) return null;
            return new ObjectMeta(name, meta.size(), meta.lastModifiedMillis(), null);
        }
    }

    private static long putsOf(long seed) {
        var store = new CountingStore();
        try (HoldfastDb db =
                Engine.open(store, "", RandomSettings.tiny(new Random(seed)).build())) {
            assertTrue(new Workload(seed).run(db, STEPS));
        }
        return store.calls(Operation.PUT) + store.calls(Operation.PUT_IF_ABSENT);
    }

    /// Loses the reply of put number `lost`, and of the `more` puts behind it.
    private static FaultPlan losing(long lost, long more) {
        var puts = new AtomicLong();
        return call -> {
            boolean isPut =
                    call.operation() == Operation.PUT
                            || call.operation() == Operation.PUT_IF_ABSENT;
            if (!isPut) return new Fault.None();
            long number = puts.getAndIncrement();
            boolean isLost = lost <= number && number <= lost + more;
            return isLost ? new Fault.LostReply() : new Fault.None();
        };
    }

    private static void runUnder(FaultStore store, long seed, String where) {
        var workload = new Workload(seed);
        try (HoldfastDb db =
                Engine.open(store, "", RandomSettings.tiny(new Random(seed)).build())) {
            assertTrue(workload.run(db, STEPS), "gave up " + where);
            assertEquals("", workload.differenceFrom(db), where);
        }
        workload.acknowledgeAll();
        store.follow(FaultPlan.none());
        store.landAll();
        try (HoldfastDb db =
                Engine.open(store, "", RandomSettings.tiny(new Random(seed)).build())) {
            assertEquals("", workload.differenceFrom(db), "reopened " + where);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Tag("OBJ-03")
    @Tag("OBJ-04")
    @Tag("MAN-04")
    void shouldNotTakeItsOwnPutForAnothersWhenAReplyIsLost(long seed) {
        long puts = putsOf(seed);
        for (long lost = 0; lost < puts; lost++) {
            FaultPlan plan = losing(lost, lost % 3);
            var store = new FaultStore(new MemoryStore(), plan, Env.system());
            runUnder(store, seed, "seed=" + seed + " lost=" + lost);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Tag("OBJ-08")
    void shouldSettleByBytesOrTrailerWhenTheStoreKeepsNoAttributes(long seed) {
        long puts = putsOf(seed);
        for (long lost = 0; lost < puts; lost++) {
            FaultPlan plan = losing(lost, lost % 3);
            var store = new FaultStore(new Forgetful(), plan, Env.system());
            runUnder(store, seed, "seed=" + seed + " lost=" + lost);
        }
    }

    /// The same, and the next object read comes back with a bit flipped.
    private static FaultPlan losingAndDamaging(long lost) {
        FaultPlan losing = losing(lost, 0);
        var isToDamage = new AtomicBoolean();
        return call -> {
            Fault fault = losing.faultOf(call);
            if (fault instanceof Fault.LostReply) isToDamage.set(true);
            boolean isRead = call.operation() == Operation.GET;
            return isRead && isToDamage.compareAndSet(true, false) ? new Fault.BitFlip(99) : fault;
        };
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldNotFenceItselfWhenWhatItPutComesBackDamaged(long seed) {
        long puts = putsOf(seed);
        for (long lost = 0; lost < puts; lost++) {
            var store = new FaultStore(new Forgetful(), losingAndDamaging(lost), Env.system());
            runUnder(store, seed, "seed=" + seed + " lost=" + lost);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldGoOnWhenTheStoreIsUnreliable(long seed) {
        var store = new FaultStore(new MemoryStore(), FaultPlan.none(), Env.system());
        var settings =
                RandomSettings.tiny(new Random(seed)).writeTimeout(Duration.ofSeconds(30)).build();
        var workload = new Workload(seed);
        try (HoldfastDb db = Engine.open(store, "", settings)) {
            store.follow(FaultPlan.seeded(seed, FaultRates.unreliable()));
            assertTrue(workload.run(db, 100), "gave up. seed=" + seed);
            store.follow(FaultPlan.none());
            assertEquals("", workload.differenceFrom(db), "seed=" + seed);
        }
        assertTrue(0 < store.struck(), "no fault struck. seed=" + seed);
        store.landAll();
        workload.acknowledgeAll();
        try (HoldfastDb db = Engine.open(store, "", settings)) {
            assertEquals("", workload.differenceFrom(db), "reopened. seed=" + seed);
        }
    }
}

package dev.holdfast.simulation.tier;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.fault.Fault;
import dev.holdfast.objectstore.fault.FaultPlan;
import dev.holdfast.objectstore.fault.FaultStore;
import dev.holdfast.objectstore.fault.StoreCall;
import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.objectstore.memory.MemoryStore;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.disk.DiskFaults;
import dev.holdfast.simulation.disk.SimulatedDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A machine with a local disk in a world of its own, and a bucket whose puts fare as its mood is.
/// Code takes no time there: what is measured is what is waited for.
final class LocalMachine {
    static final Duration SECOND = Duration.ofSeconds(1);

    private static final Duration FOR_EVER = Duration.ofHours(10);
    private static final Duration A_WHILE = Duration.ofMillis(100);
    private static final int VALUE_BYTES = 100;

    private final Simulation simulation;
    private final Node node;
    private final Disk disk;
    private final MemoryStore bucket = new MemoryStore();
    private final FaultStore store;
    private boolean isThrough;

    /// What becomes of a put.
    enum Mood {
        /// It is done.
        KIND,
        /// It gets no answer.
        HANGS,
        /// It is refused until a person acts.
        REFUSES,
        /// It is not done, and the answer says so.
        FAILS,
        /// It is done, after a while.
        DRIPS,
        /// It is done, and the answer is lost.
        LOSES_ANSWERS,
        /// It is done, unless it is a table: that gets no answer.
        TAKES_NO_TABLES
    }

    /// What happens on the machine.
    interface Story {
        void tell() throws InterruptedException;
    }

    /// What a report says remains, in commits and in bytes of their rows.
    record Remains(long commits, long bytes) {
        static Remains in(ShutdownReport report) {
            String json = report.toJson();
            return new Remains(
                    count(json, "commits on the local disk alone"),
                    count(json, "bytes on the local disk alone"));
        }

        /// What an opening found, before anything of it was shipped.
        static Remains foundBy(HoldfastDb db) {
            LocalStatus status = status(db);
            return new Remains(status.replayed(), status.exposure().bytes());
        }

        private static long count(String json, String what) {
            Matcher found = Pattern.compile("\"(\\d+) " + what + "\"").matcher(json);
            return found.find() ? Long.parseLong(found.group(1)) : 0;
        }
    }

    LocalMachine(long seed) {
        simulation = new Simulation(seed);
        node = simulation.node("machine");
        disk = new SimulatedDisk(simulation, DiskFaults.none()).connect(node);
        store = new FaultStore(bucket, FaultPlan.none(), node.env());
    }

    /// Tells `story` to its end, on a thread of the machine.
    void tell(Story story) {
        env().start("program", () -> play(story));
        simulation.run(FOR_EVER.multipliedBy(2));
        assertTrue(isThrough, "it did not come to its end. seed=" + simulation.seed());
    }

    private void play(Story story) {
        try {
            story.tell();
            isThrough = true;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    Env env() {
        return node.env();
    }

    /// How often a thread was given its turn so far.
    long turns() {
        return simulation.steps();
    }

    void become(Mood mood) {
        Fault fault =
                switch (mood) {
                    case KIND -> new Fault.None();
                    case HANGS, TAKES_NO_TABLES -> new Fault.Latency(FOR_EVER);
                    case REFUSES -> new Fault.Refuse();
                    case FAILS -> new Fault.FailBefore();
                    case DRIPS -> new Fault.Latency(A_WHILE);
                    case LOSES_ANSWERS -> new Fault.LostReply();
                };
        String kind = mood == Mood.TAKES_NO_TABLES ? "/compacted/" : "";
        follow(name -> name.contains(kind), fault);
    }

    /// Puts of objects with such names get no answer.
    void hangOn(Predicate<String> names) {
        follow(names, new Fault.Latency(FOR_EVER));
    }

    private void follow(Predicate<String> names, Fault fault) {
        store.follow(call -> isPut(call) && names.test(call.name()) ? fault : new Fault.None());
    }

    private static boolean isPut(StoreCall call) {
        return call.operation().isMutation() && call.operation() != Operation.DELETE;
    }

    /// How many puts have met what the mood does to them.
    long struck() {
        return store.struck();
    }

    /// What owners have said, in short.
    List<String> ownersWords() {
        return bucket.list("db/holdfast/", null, ObjectStore.LIST_LIMIT_MAX).stream()
                .map(each -> each.name().replaceAll("db/holdfast/|0{5,}|\\.json", ""))
                .filter(each -> !each.equals("database"))
                .toList();
    }

    /// Its log, which ships when `interval` has passed.
    LocalSettings local(Duration interval) {
        return LocalSettings.in(Path.of("/local"))
                .withSegmentSize(ByteSize.kibibytes(64))
                .withCacheSize(ByteSize.bytes(0))
                .withShipInterval(interval);
    }

    HoldfastDb open(LocalSettings local, Duration writeTimeout) {
        Settings settings =
                Settings.defaults()
                        .but()
                        .untended()
                        .writeTimeout(writeTimeout)
                        .closeTimeout(Duration.ofSeconds(10))
                        .build();
        return Engine.builder(store, "db").settings(settings).env(env()).local(local, disk).open();
    }

    static Bytes key(int number) {
        return Bytes.utf8("key " + number);
    }

    static WriteBatch row(int number) {
        return new WriteBatch().put(key(number), Bytes.utf8("v".repeat(VALUE_BYTES) + number));
    }

    static void write(HoldfastDb db, int from, int to, Durability level) {
        for (int i = from; i < to; i++) db.write(row(i), level);
    }

    static void requireRows(HoldfastDb db, int count) {
        for (int i = 0; i < count; i++) assertNotNull(db.get(key(i)), "row " + i);
    }

    static LocalStatus status(HoldfastDb db) {
        LocalStatus status = db.local();
        assertNotNull(status);
        return status;
    }

    /// How much time `story` took.
    Duration timeOf(Story story) throws InterruptedException {
        long before = env().nanoTime();
        story.tell();
        return Duration.ofNanos(env().nanoTime() - before);
    }
}

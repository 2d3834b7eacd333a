package dev.holdfast.bench;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/// The calls of a database whose store is in memory: a put that waits for nothing, and a get of
/// what is in the block cache.
///
/// An iteration is a fixed number of calls, so that two runs do the same work, to the byte, and the
/// log and the memtable have room for all of it: no other thread has anything to do meanwhile.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CallBenchmark {
    /// How many calls one iteration makes.
    public static final int CALLS = 20_000;

    private static final int KEYS = 1 << 14;

    private final Bytes[] keys = new Bytes[KEYS];
    private final Bytes value = Bytes.utf8("sixteen bytes ok");
    private MemoryStore store;
    private HoldfastDb db;

    @Setup(Level.Trial)
    public void open() {
        Settings settings =
                Settings.defaults()
                        .but()
                        .flushInterval(Duration.ofHours(1))
                        .walSizeMax(ByteSize.mebibytes(900))
                        .l0SstSize(ByteSize.mebibytes(900))
                        .unflushedMax(ByteSize.mebibytes(1_000))
                        .manifestPollInterval(Duration.ofHours(1))
                        .build();
        store = new MemoryStore(Env.system());
        db = Engine.open(store, "bench", settings);
        for (int i = 0; i < KEYS; i++) {
            keys[i] = Bytes.utf8("key-%08d".formatted(i));
            db.write(new WriteBatch().put(keys[i], value), Durability.MEMORY);
        }
        db.flushMemtables();
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public void put() {
        for (int i = 0; i < CALLS; i++) {
            db.write(new WriteBatch().put(keys[i & KEYS - 1], value), Durability.MEMORY);
        }
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public void get(Blackhole seen) {
        for (int i = 0; i < CALLS; i++) seen.consume(db.get(keys[i & KEYS - 1]));
    }

    @TearDown(Level.Trial)
    public void close() {
        db.close();
        store.close();
    }
}

package dev.holdfast.bench.peer;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.objectstore.local.LocalStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The store by itself, without an engine: each awaited put is an object, what is not awaited is
/// one object at the end. Thread-safe, but for what is not awaited.
final class StoreSubject implements Subject {
    private final Env env = Env.system();
    private final LocalStore store;
    private final AtomicLong objects = new AtomicLong();
    private final List<Bytes> later = new ArrayList<>();

    private StoreSubject(Path directory) {
        store = new LocalStore(directory, env);
    }

    static Subject open(Path directory, Task task) {
        return new StoreSubject(directory);
    }

    private void put(List<Bytes> parts) {
        String name = "object/%020d".formatted(objects.incrementAndGet());
        store.putIfAbsent(name, parts, Ulid.at(env, env.currentTimeMillis()));
    }

    @Override
    public void put(byte[] key, byte[] value, Durability durability) {
        List<Bytes> row = List.of(Bytes.wrap(key), Bytes.wrap(value));
        if (durability == Durability.MEMORY) later.addAll(row);
        else put(row);
    }

    @Override
    public void putAll(byte[][] keys, byte[] value) {
        for (byte[] key : keys) put(key, value, Durability.MEMORY);
    }

    @Override
    public void close() {
        if (!later.isEmpty()) put(later);
    }

    @Override
    public boolean get(byte[] key) {
        throw noEngine();
    }

    @Override
    public long scan() {
        throw noEngine();
    }

    @Override
    public boolean seek(byte[] key) {
        throw noEngine();
    }

    @Override
    public void flushLog() {
        throw noEngine();
    }

    @Override
    public void flushTables() {
        throw noEngine();
    }

    @Override
    public void compact() {
        throw noEngine();
    }

    private static UnsupportedOperationException noEngine() {
        return new UnsupportedOperationException("a store by itself");
    }

    @Override
    public Thread start(Runnable body) {
        return env.start("load", body);
    }
}

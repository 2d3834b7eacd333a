package dev.holdfast.bench.peer;

import dev.holdfast.engine.api.Durability;

/// An engine that is measured, with one database open. Thread-safe.
interface Subject extends AutoCloseable {
    /// Writes one row; returns once it is so durable.
    void put(byte[] key, byte[] value, Durability durability);

    /// Writes a row for each of the keys, as one, not awaited.
    void putAll(byte[][] keys, byte[] value);

    /// True if the key is there; its value is fetched.
    boolean get(byte[] key);

    /// Reads two keys and writes both in a serializable transaction, not awaited, as often as it
    /// takes for it to win.
    default void transfer(byte[] from, byte[] to, byte[] value) {
        throw new UnsupportedOperationException("no transactions");
    }

    /// How many rows a scan of everything meets.
    long scan();

    /// How many rows a scan from `key` on meets that ends after `most`.
    default long scan(byte[] key, int most) {
        throw new UnsupportedOperationException("no short scans");
    }

    /// True if there is a row at `key` or behind it, which is fetched.
    boolean seek(byte[] key);

    /// What was written is in the log, where a crash leaves it.
    void flushLog();

    /// What was written is in tables.
    void flushTables();

    /// Everything is in one run of tables.
    void compact();

    /// Starts a thread that writes or reads.
    Thread start(Runnable body);

    @Override
    void close();
}

package dev.holdfast.engine.api;

/// A database opened to look at, as it stood when it was opened: it fences nobody and writes
/// nothing.
///
/// It shows what is durable in the store: tables and the whole log behind them. Thread-safe.
public interface DbReader extends Reads, AutoCloseable {
    @Override
    void close();
}

package dev.holdfast.engine.api;

import dev.holdfast.base.Bytes;

/// An open scan: stands before the first pair, then on one pair after another.
///
/// Not thread-safe. Pairs come in key order, each key once, as of the moment the scan was opened.
/// Close it: it holds what it reads from.
public interface Scan extends AutoCloseable {
    /// Moves to the next pair, and tells whether there is one. After false it stays false.
    boolean next();

    /// The key of the current pair.
    Bytes key();

    /// The value of the current pair.
    Bytes value();

    /// Moves so that [#next] gives the first pair at `key` or after it in the scan's order. Never
    /// moves back.
    void seek(Bytes key);

    @Override
    void close();
}

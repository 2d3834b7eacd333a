package dev.holdfast.engine.write;

import dev.holdfast.engine.memtable.Memtable;

/// A memtable that takes no more rows, on its way into a table.
///
/// @param lastTickMillis the newest time of creation in it and in all before
record FrozenMemtable(Memtable memtable, long lastTickMillis) {}

package dev.holdfast.engine.table;

import dev.holdfast.base.Ulid;

/// One table on the object store, opened to read. Thread-safe; opening it does no I/O.
public final class SstReader {
    private final Ulid id;

    SstReader(Ulid id) {
        this.id = id;
    }

    /// Names the table's object.
    public Ulid id() {
        return id;
    }
}

package dev.holdfast.engine.memory;

/// How a database can make room: by freezing its active memtable, so that it becomes a table.
///
/// Asked under no lock but the budget's own short one; every method is quick and waits for nothing.
public interface Relief {
    /// What the database could free that is not on its way yet, in bytes.
    long idleBytes();

    /// What is already on its way into tables, in bytes.
    long leavingBytes();

    /// Asks for what is idle to be put on its way, soon.
    void ask();

    /// Room may have come for whoever waits for it.
    void wake();
}

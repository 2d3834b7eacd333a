package dev.holdfast.simulation.agent;

/// The kinds of access to shared things that rewritten code announces.
public final class Accesses {
    /// Reads something that orders threads: a volatile field, an atomic, a concurrent collection.
    public static final int SYNC_READ = 0;

    /// Changes, or may change, something that orders threads.
    public static final int SYNC_WRITE = 1;

    /// Reads an ordinary field.
    public static final int PLAIN_READ = 2;

    /// Writes an ordinary field.
    public static final int PLAIN_WRITE = 3;

    private Accesses() {}
}

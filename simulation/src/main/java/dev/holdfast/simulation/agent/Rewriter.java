package dev.holdfast.simulation.agent;

/// Changes classes as they are loaded.
interface Rewriter {
    /// True if classes of that name may have to be changed. Names have slashes.
    boolean concerns(String name);

    /// The changed class; the very same array if there is nothing to change.
    byte[] rewrite(String name, byte[] bytes);
}

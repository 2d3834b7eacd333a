package dev.holdfast.simulation.disk;

import dev.holdfast.base.file.DiskLock;
import dev.holdfast.simulation.Node;
import java.nio.file.Path;
import java.util.Map;

/// A file that a process holds alone, until it lets go or dies.
record LinkLock(Node node, Path file, String holder, Map<Path, LinkLock> locks)
        implements DiskLock {
    @Override
    public void close() {
        locks.remove(file, this);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}

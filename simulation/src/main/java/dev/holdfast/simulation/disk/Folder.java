package dev.holdfast.simulation.disk;

import java.util.TreeMap;

/// A directory, twice: its names as everybody sees them, and as they are on the platter.
final class Folder implements Inode {
    private final TreeMap<String, Inode> seen = new TreeMap<>();
    private final TreeMap<String, Inode> platter = new TreeMap<>();

    TreeMap<String, Inode> seen() {
        return seen;
    }

    TreeMap<String, Inode> platter() {
        return platter;
    }

    void cutPower() {
        seen.clear();
        seen.putAll(platter);
    }
}

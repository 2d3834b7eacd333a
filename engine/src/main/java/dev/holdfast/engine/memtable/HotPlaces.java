package dev.holdfast.engine.memtable;

import java.util.Arrays;

/// Where keys that were added lately stand in a skip list: a key that is written again and again is
/// looked for from there, not from the head.
///
/// A place is what a search leaves: per level the last node before the key, the head above the
/// levels of then. Nodes never go, so what stood before a key does so for good; what came between
/// is walked over. A place that was kept for another key of the same hash shows by its order.
///
/// For the one writer of a list; not thread-safe.
final class HotPlaces {
    private static final int PLACES = 256; // a power of two
    private static final int LEVELS = TowerArena.HEIGHT_MAX;
    private static final int NO_HASH = 0;

    private final int[] hashes = new int[PLACES];
    private final int[] nodes = new int[PLACES * LEVELS];

    /// A hash of the key between two offsets, never 0.
    static int hash(byte[] array, int from, int to) {
        int hash = KeyIndex.hash(array, from, to);
        return hash == NO_HASH ? 1 : hash;
    }

    /// True if a place is kept of a key with `hash`.
    boolean has(int hash) {
        return hashes[place(hash)] == hash;
    }

    private static int place(int hash) {
        return hash >>> Integer.SIZE - Integer.numberOfTrailingZeros(PLACES);
    }

    /// Fills `before` with the place of a key with `hash`; false if none is kept.
    boolean find(int hash, int[] before) {
        int place = place(hash);
        if (hashes[place] != hash) return false;
        System.arraycopy(nodes, place * LEVELS, before, 0, LEVELS);
        return true;
    }

    /// Keeps `before` as the place of a key with `hash`: its lowest `height` levels.
    void keep(int hash, int[] before, int height) {
        int place = place(hash);
        hashes[place] = hash;
        int at = place * LEVELS;
        System.arraycopy(before, 0, nodes, at, height);
        Arrays.fill(nodes, at + height, at + LEVELS, TowerArena.HEAD);
    }
}

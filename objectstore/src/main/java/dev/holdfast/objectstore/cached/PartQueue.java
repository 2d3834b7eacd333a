package dev.holdfast.objectstore.cached;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Which files the cache has, and which of them go when it is full: S3-FIFO.
///
/// A newcomer stands in a small queue. Who is used there before it is through goes on to the main
/// queue, the others go, and are remembered for a while: who comes back soon enters the main queue
/// at once. So what is read once passes by and drives out nothing that is used. Thread-safe.
///
/// Invariant: after [#add] the files take at most the size.
final class PartQueue {
    private static final int USES_MAX = 3;
    private static final int SMALL_TENTHS = 1;
    private static final int REMOVED_MAX = 1000;

    private final long sizeMax;
    private final ReentrantLock guard = new ReentrantLock();

    // All guarded by `guard`. Whoever is removed stays in its queue until it is come to.
    private final Map<String, Entry> entries = new HashMap<>();
    private final ArrayDeque<Entry> small = new ArrayDeque<>();
    private final ArrayDeque<Entry> main = new ArrayDeque<>();
    private final LinkedHashSet<String> gone = new LinkedHashSet<>();
    private long bytes;
    private long smallBytes;
    private int removed; // still standing in a queue

    PartQueue(long sizeMax) {
        this.sizeMax = sizeMax;
    }

    private static final class Entry {
        private final String file;
        private final long bytes;
        private boolean isSmall;
        private boolean isRemoved;
        private int uses;

        Entry(String file, long bytes) {
            this.file = file;
            this.bytes = bytes;
        }
    }

    /// True if the file is there; that is a use of it.
    boolean use(String file) {
        guard.lock();
        try {
            Entry entry = entries.get(file);
            if (entry == null) return false;
            if (entry.uses < USES_MAX) entry.uses++;
            return true;
        } finally {
            guard.unlock();
        }
    }

    /// True if the file is there; that is no use of it.
    boolean holds(String file) {
        guard.lock();
        try {
            return entries.containsKey(file);
        } finally {
            guard.unlock();
        }
    }

    /// The file is there from now on. Returns which ones have to go for it, perhaps itself.
    List<String> add(String file, long size) {
        guard.lock();
        try {
            forget(file);
            var entry = new Entry(file, size);
            entries.put(file, entry);
            bytes += size;
            entry.isSmall = !gone.remove(file);
            if (entry.isSmall) smallBytes += size;
            (entry.isSmall ? small : main).add(entry);
            List<String> leaving = new ArrayList<>();
            while (sizeMax < bytes) step(leaving);
            return leaving;
        } finally {
            guard.unlock();
        }
    }

    /// The file is not there any more.
    void remove(String file) {
        guard.lock();
        try {
            forget(file);
            if (entries.size() + REMOVED_MAX < removed) sweep();
        } finally {
            guard.unlock();
        }
    }

    private void forget(String file) {
        Entry entry = entries.remove(file);
        if (entry == null) return;
        entry.isRemoved = true;
        removed++;
        bytes -= entry.bytes;
        if (entry.isSmall) smallBytes -= entry.bytes;
    }

    private void sweep() {
        small.removeIf(entry -> entry.isRemoved);
        main.removeIf(entry -> entry.isRemoved);
        removed = 0;
    }

    private void step(List<String> leaving) {
        boolean isFromSmall = main.isEmpty() || sizeMax / 10 * SMALL_TENTHS <= smallBytes;
        Entry entry = isFromSmall && !small.isEmpty() ? small.poll() : main.poll();
        if (entry == null) return;
        if (entry.isRemoved) {
            removed--;
            return;
        }
        if (entry.uses == 0) {
            forget(entry.file);
            removed--;
            leaving.add(entry.file);
            if (entry.isSmall) remember(entry.file);
            return;
        }
        entry.uses--;
        if (entry.isSmall) smallBytes -= entry.bytes;
        entry.isSmall = false;
        main.add(entry);
    }

    private void remember(String file) {
        gone.add(file);
        if (entries.size() + 16 < gone.size()) gone.removeFirst();
    }

    /// What the files take.
    long bytes() {
        guard.lock();
        try {
            return bytes;
        } finally {
            guard.unlock();
        }
    }
}

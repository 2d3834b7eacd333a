package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Deadline;
import dev.holdfast.lifecycle.gate.Flight;
import dev.holdfast.objectstore.cached.Part.Fetched;
import dev.holdfast.objectstore.cached.Part.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Which parts there are, which slot each of them has, and which slots are free.
///
/// Invariants:
/// 1. A slot is free, or has one part.
/// 2. A slot is not given to another part while somebody reads it.
/// 3. A part that is being fetched is fetched by one reader.
///
/// Thread-safe. Does no I/O, and nobody waits under its lock.
final class PartTable {
    private static final int VICTIMS_MAX = 16;

    private final int capacity;
    private final ReentrantLock guard = new ReentrantLock();

    // All guarded by `guard`.
    private final Map<ObjectKey, Map<Integer, Part>> objects = new HashMap<>();
    private final PartQueue queue;
    private final ArrayDeque<Integer> ready = new ArrayDeque<>(); // free, and written once
    private final ArrayDeque<Integer> bare = new ArrayDeque<>(); // free, handed out, not written
    private int next; // slots from here on were never handed out
    private int bareOut; // handed out, and not written yet
    private int written; // that take room on the disk
    private long evictions;

    /// @param capacity how many slots there may be
    /// @param written how many take room on the disk already: the first ones
    PartTable(int capacity, int written) {
        this.capacity = capacity;
        this.written = written;
        next = written;
        queue = new PartQueue(capacity);
    }

    /// Takes the parts of an earlier life over, which have slots below `written` and stand in the
    /// order of their queues. Of two with the same key the later one counts.
    void restore(List<Part> parts) {
        guard.lock();
        try {
            var taken = new BitSet(written);
            for (Part part : parts) {
                Part before = find(part.key);
                if (before != null) {
                    unmap(before);
                    taken.clear(before.slot);
                }
                part.state = State.PRESENT;
                map(part);
                queue.restore(part);
                taken.set(part.slot);
            }
            for (int slot = 0; slot < written; slot++) if (!taken.get(slot)) ready.add(slot);
        } finally {
            guard.unlock();
        }
    }

    private @Nullable Part find(PartKey key) {
        Map<Integer, Part> parts = objects.get(key.object());
        return parts == null ? null : parts.get(key.number());
    }

    private void map(Part part) {
        objects.computeIfAbsent(part.key.object(), _ -> new HashMap<>())
                .put(part.key.number(), part);
    }

    private void unmap(Part part) {
        Map<Integer, Part> parts = objects.get(part.key.object());
        if (parts == null || !parts.remove(part.key.number(), part)) return;
        if (parts.isEmpty()) objects.remove(part.key.object());
        if (part.state == State.PRESENT) queue.remove(part);
    }

    /// The part, held, if it can be read; null otherwise. That is a use of it.
    @Nullable Part pin(PartKey key, Worth worth) {
        guard.lock();
        try {
            Part part = find(key);
            if (part == null || part.state != State.PRESENT) return null;
            queue.use(part, worth);
            part.readers++;
            return part;
        } finally {
            guard.unlock();
        }
    }

    /// The same, and no use of it.
    @Nullable Part pinInPassing(PartKey key) {
        guard.lock();
        try {
            Part part = find(key);
            if (part == null || part.state != State.PRESENT) return null;
            part.readers++;
            return part;
        } finally {
            guard.unlock();
        }
    }

    /// Nobody reads it any more on behalf of a [#pin].
    void unpin(Part part) {
        guard.lock();
        try {
            part.readers--;
            if (part.state == State.EVICTING && part.readers == 0) free(part);
        } finally {
            guard.unlock();
        }
    }

    /// What a reader has to do that did not find the part: perhaps it is there by now.
    Turn turn(PartKey key, Worth worth, Deadline deadline) {
        guard.lock();
        try {
            Part there = find(key);
            if (there == null) {
                var part = new Part(key);
                var flight = new Flight<Fetched>("part of an object", "store");
                part.worth = worth;
                part.flight = flight;
                part.deadline = deadline;
                map(part);
                return new Turn.Load(part, flight);
            }
            if (there.flight != null && there.deadline != null)
                return new Turn.Wait(there.flight, there.deadline);
            queue.use(there, worth);
            there.readers++;
            return new Turn.Hit(there);
        } finally {
            guard.unlock();
        }
    }

    /// True if the next slot would take more room on the disk.
    boolean wouldGrow() {
        guard.lock();
        try {
            return ready.isEmpty() && (next < capacity || !bare.isEmpty());
        } finally {
            guard.unlock();
        }
    }

    /// Gives a part that is being fetched a slot, for which others may have to go. False if there
    /// is none to give.
    ///
    /// @param growthMax for how many slots more the disk has room
    boolean reserve(Part part, long growthMax) {
        guard.lock();
        try {
            int slot = take(part, growthMax);
            part.slot = slot;
            return slot != Part.NO_SLOT;
        } finally {
            guard.unlock();
        }
    }

    private int take(Part part, long growthMax) {
        Integer free = ready.poll();
        if (free != null) return free;
        if (bareOut < growthMax) {
            free = bare.poll();
            if (free == null && next < capacity) free = next++;
            if (free != null) {
                bareOut++;
                part.isSlotBare = true;
                return free;
            }
        }
        // Whoever is being read keeps its slot until then: somebody else has to go as well.
        for (int i = 0; i < VICTIMS_MAX; i++) {
            Part victim = queue.leave();
            if (victim == null) break;
            unmapEvicted(victim);
            if (victim.readers == 0) return victim.slot;
            victim.state = State.EVICTING;
        }
        return Part.NO_SLOT;
    }

    private void unmapEvicted(Part victim) {
        evictions++;
        victim.state = State.EVICTING; // it is out of the queue already
        unmap(victim);
    }

    /// A part that was fetched is in its slot from now on, `length` bytes of it. False if it was
    /// forgotten meanwhile, and is absent.
    boolean present(Part part, int length, int[] checksums) {
        guard.lock();
        try {
            settleSlot(part);
            part.flight = null;
            if (find(part.key) != part) {
                free(part);
                return false;
            }
            part.length = length;
            part.checksums = checksums;
            part.state = State.PRESENT;
            queue.add(part);
            return true;
        } finally {
            guard.unlock();
        }
    }

    private void settleSlot(Part part) {
        if (!part.isSlotBare) return;
        part.isSlotBare = false;
        bareOut--;
        written++;
    }

    /// A part that was being fetched is absent again, if it is not present by now.
    void giveUp(Part part) {
        guard.lock();
        try {
            if (part.state != State.LOADING || part.flight == null) return;
            part.flight = null;
            unmap(part);
            free(part);
        } finally {
            guard.unlock();
        }
    }

    /// A part that was present is absent from now on: it is damaged, or of no use.
    void drop(Part part) {
        guard.lock();
        try {
            if (part.state != State.PRESENT) return;
            unmap(part);
            part.state = State.EVICTING;
            if (part.readers == 0) free(part);
        } finally {
            guard.unlock();
        }
    }

    private void free(Part part) {
        int slot = part.slot;
        part.slot = Part.NO_SLOT;
        if (slot == Part.NO_SLOT) return;
        if (part.isSlotBare) {
            part.isSlotBare = false;
            bareOut--;
            bare.add(slot);
        } else {
            ready.add(slot);
        }
    }

    /// Nothing of the object is there from now on; what is being fetched will not be kept. Returns
    /// the slots that hold something of it.
    List<Integer> forget(ObjectKey object) {
        guard.lock();
        try {
            Map<Integer, Part> parts = objects.remove(object);
            if (parts == null) return List.of();
            List<Integer> slots = new ArrayList<>();
            for (Part part : parts.values()) {
                if (part.state != State.PRESENT) continue;
                slots.add(part.slot);
                queue.remove(part);
                part.state = State.EVICTING;
                if (part.readers == 0) free(part);
            }
            return slots;
        } finally {
            guard.unlock();
        }
    }

    /// What stands in the index for each part, in the order in which they go.
    List<SlotRecord> records() {
        guard.lock();
        try {
            List<SlotRecord> records = new ArrayList<>(queue.size());
            queue.visit(part -> records.add(SlotRecord.of(part, records.size())));
            return records;
        } finally {
            guard.unlock();
        }
    }

    /// How many slots take room on the disk.
    int written() {
        guard.lock();
        try {
            return written;
        } finally {
            guard.unlock();
        }
    }

    /// How many parts had to go for others.
    long evictions() {
        guard.lock();
        try {
            return evictions;
        } finally {
            guard.unlock();
        }
    }
}

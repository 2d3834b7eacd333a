package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.gate.Flight;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.cached.Part.Fetched;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One reader's way to the parts of a range that were not on the disk: some it fetches, each run of
/// neighbours in one request, and for the others it waits for those who fetch them already.
///
/// Invariants:
/// 1. Its own parts are all present or absent again when it ends, however it ends.
/// 2. Its own are over before it waits for those of others: so nobody waits in a circle.
///
/// For one thread.
final class PartFetch {
    private static final Duration FETCH_MAX = Duration.ofMinutes(2);

    /// How it went.
    enum Outcome {
        /// All there is of the range has been found.
        FOUND,
        /// The store has no such object.
        NO_OBJECT,
        /// Another's fetch did not come in time: the store has to be asked.
        NOT_HERE
    }

    private final ObjectStore store;
    private final String name;
    private final PartRange range;
    private final DiskParts disk;
    private final Arena arena;
    private final Map<Integer, Turn.Load> ours = new TreeMap<>();
    private final Map<Integer, Turn.Wait> others = new TreeMap<>();
    private long hits;
    private long misses;
    private boolean isObjectMissing;

    PartFetch(ObjectStore store, String name, PartRange range, DiskParts disk, Arena arena) {
        this.store = store;
        this.name = name;
        this.range = range;
        this.disk = disk;
        this.arena = arena;
    }

    /// How many parts were there after all.
    long hits() {
        return hits;
    }

    /// How many it fetched.
    long misses() {
        return misses;
    }

    /// Finds what the range lacks. Throws what its own fetch, or the one that it waited for, failed
    /// with.
    Outcome run(Worth worth, Env env, Token token) {
        try {
            Deadline deadline = Deadline.after(env, FETCH_MAX);
            for (int i = 0; i < range.count(); i++) if (!range.has(i)) takeTurn(i, worth, deadline);
            for (Turn.Load load : ours.values()) disk.reserve(arena, load.part());
            for (List<Integer> run : runs()) if (run.getFirst() < range.count()) fetch(run);
        } catch (ObjectStoreException failure) {
            ours.values().forEach(load -> load.flight().fail(failure));
            throw failure;
        } finally {
            leave();
        }
        if (isObjectMissing) return Outcome.NO_OBJECT;
        for (var other : others.entrySet()) {
            if (range.count() <= other.getKey()) break;
            Outcome outcome = join(other.getKey(), other.getValue(), token);
            if (outcome != Outcome.FOUND) return outcome;
        }
        return Outcome.FOUND;
    }

    private void takeTurn(int i, Worth worth, Deadline deadline) {
        switch (arena.table().turn(range.key(i), worth, deadline)) {
            case Turn.Load load -> ours.put(i, load);
            case Turn.Wait wait -> others.put(i, wait);
            case Turn.Hit(Part part) -> {
                Bytes piece = disk.read(arena, part, range, i);
                if (piece == null) return;
                hits++;
                range.set(i, piece);
            }
        }
    }

    private List<List<Integer>> runs() {
        List<List<Integer>> runs = new ArrayList<>();
        int last = Integer.MIN_VALUE;
        for (int number : ours.keySet()) {
            if (number != last + 1) runs.add(new ArrayList<>());
            runs.getLast().add(number);
            last = number;
        }
        return runs;
    }

    // Those who wait are served before anything is written.
    private void fetch(List<Integer> run) {
        int partBytes = arena.partBytes();
        Bytes fetched = store.getUpTo(name, range.start(run.getFirst()), run.size() * partBytes);
        if (fetched == null) {
            isObjectMissing = true;
            for (int i : run) land(i, new Fetched(null));
            return;
        }
        for (int at = 0; at < run.size(); at++) {
            misses++;
            int from = Math.min(fetched.length(), at * partBytes);
            Bytes part = fetched.slice(from, Math.min(fetched.length(), from + partBytes));
            range.setWhole(run.get(at), part);
            land(run.get(at), new Fetched(part));
            disk.write(arena, own(run.get(at)).part(), range, part);
        }
    }

    private Turn.Load own(int i) {
        Turn.Load load = ours.get(i);
        if (load == null) throw new IllegalStateException("not ours to fetch");
        return load;
    }

    private void land(int i, Fetched fetched) {
        own(i).flight().land(fetched);
    }

    private void leave() {
        for (Turn.Load load : ours.values()) {
            Flight<Fetched> flight = load.flight();
            arena.table().giveUp(load.part());
            if (!flight.isOver())
                flight.fail(
                        new ObjectStoreException.Unavailable(
                                "whoever fetched it failed. object=`" + name + "`", null));
        }
    }

    private Outcome join(int i, Turn.Wait wait, Token token) {
        try {
            wait.flight().await(wait.deadline(), token);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ObjectStoreException.Unavailable("interrupted", interrupted);
        }
        Fetched fetched = wait.flight().isOver() ? wait.flight().value() : null;
        if (fetched == null) return Outcome.NOT_HERE;
        if (fetched.content() == null) return Outcome.NO_OBJECT;
        range.setWhole(i, fetched.content());
        return Outcome.FOUND;
    }
}

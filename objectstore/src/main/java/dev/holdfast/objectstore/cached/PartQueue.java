package dev.holdfast.objectstore.cached;

import dev.holdfast.objectstore.cached.Part.Place;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// In which order parts go: S3-FIFO, with a queue of its own for what is worth more.
///
/// A newcomer stands in a small queue. Who is used there before it is through goes on to the main
/// queue, the others go, and are remembered for a while: who comes back soon enters the main queue
/// at once. So what is read once passes by and drives out nothing that is used. Parts of worth
/// `INDEX` stand in a third queue, and go only for one another while that holds more than a quarter
/// of all, or where nothing else is left. Guarded by the lock of the table.
final class PartQueue {
    private static final int USES_MAX = 3;
    private static final int SMALL_PART = 10; // one in so many
    private static final int INDEX_PART = 4;
    private static final int OUT_MAX = 1000;

    private final int capacity;
    private final ArrayDeque<Part> small = new ArrayDeque<>();
    private final ArrayDeque<Part> main = new ArrayDeque<>();
    private final ArrayDeque<Part> index = new ArrayDeque<>();
    private final LinkedHashSet<PartKey> gone = new LinkedHashSet<>();
    private int smallCount;
    private int mainCount;
    private int indexCount;
    private int out; // still standing in a queue

    PartQueue(int capacity) {
        this.capacity = capacity;
    }

    /// How many stand in it.
    int size() {
        return smallCount + mainCount + indexCount;
    }

    /// A part that was not there.
    void add(Part part) {
        boolean isBack = gone.remove(part.key);
        if (part.worth == Worth.INDEX) part.place = Place.INDEX;
        else part.place = isBack ? Place.MAIN : Place.SMALL;
        part.uses = 0;
        enter(part);
    }

    /// A part of an earlier life, with its place and its uses. Oldest first.
    void restore(Part part) {
        enter(part);
    }

    /// It was used.
    void use(Part part, Worth worth) {
        if (part.uses < USES_MAX) part.uses++;
        if (worth == Worth.INDEX) part.worth = worth;
    }

    /// It is not there any more.
    void remove(Part part) {
        if (part.isOut) return;
        count(part.place, -1);
        part.isOut = true;
        out++;
        if (size() + OUT_MAX < out) sweep();
    }

    private void sweep() {
        small.removeIf(part -> part.isOut);
        main.removeIf(part -> part.isOut);
        index.removeIf(part -> part.isOut);
        out = 0;
    }

    /// Takes out the part whose turn it is to go; null if there is none.
    @Nullable Part leave() {
        while (0 < size()) {
            Part part = next().poll();
            if (part == null) continue;
            if (part.isOut) out--;
            else if (goes(part)) return part;
        }
        return null;
    }

    private ArrayDeque<Part> next() {
        boolean isOthersEmpty = smallCount + mainCount == 0;
        if (isOthersEmpty || Math.max(1, capacity / INDEX_PART) < indexCount) return index;
        return mainCount == 0 || capacity / SMALL_PART < smallCount ? small : main;
    }

    // Who was used, or belongs elsewhere, goes on instead.
    private boolean goes(Part part) {
        count(part.place, -1);
        boolean isMisplaced = part.worth == Worth.INDEX && part.place != Place.INDEX;
        if (part.uses == 0 && !isMisplaced) {
            part.isOut = true;
            if (part.place == Place.SMALL) remember(part.key);
            return true;
        }
        if (!isMisplaced) part.uses--;
        part.place = part.worth == Worth.INDEX ? Place.INDEX : Place.MAIN;
        enter(part);
        return false;
    }

    private void enter(Part part) {
        count(part.place, 1);
        switch (part.place) {
            case SMALL -> small.add(part);
            case MAIN -> main.add(part);
            case INDEX -> index.add(part);
        }
    }

    private void count(Place place, int more) {
        switch (place) {
            case SMALL -> smallCount += more;
            case MAIN -> mainCount += more;
            case INDEX -> indexCount += more;
        }
    }

    private void remember(PartKey key) {
        gone.add(key);
        if (size() + 16 < gone.size()) gone.removeFirst();
    }

    /// Shows each part in its queue's order, the next to go first.
    void visit(Consumer<Part> visitor) {
        for (ArrayDeque<Part> queue : List.of(small, main, index))
            for (Part part : queue) if (!part.isOut) visitor.accept(part);
    }
}

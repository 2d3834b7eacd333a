package dev.holdfast.redis.values;

import dev.holdfast.base.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks the members of several collections side by side, in the one order that all of them have,
/// so that their union, intersection and difference need no memory.
public final class Merge {
    // So many steps are made before a leap: steps are cheap where members stand close together.
    private static final int STEPS_MAX = 8;

    private Merge() {}

    /// What is done with each member found.
    public interface Visitor {
        /// Takes a member and its value in each source, null where it is not; tells whether to go
        /// on.
        boolean visit(Bytes name, @Nullable Bytes[] values);
    }

    /// Visits what is in any of `sources`.
    public static void union(List<HashedMembers> sources, Visitor visitor) {
        try (var cursors = new Cursors(sources)) {
            for (Cursor cursor : cursors.all) cursor.step();
            Bytes least = cursors.least();
            while (least != null) {
                if (!visitor.visit(nameAt(least), cursors.valuesAt(least))) return;
                for (Cursor cursor : cursors.all) if (least.equals(cursor.place)) cursor.step();
                least = cursors.least();
            }
        }
    }

    /// Visits what is in all of `sources`, of which there is at least one.
    public static void intersection(List<HashedMembers> sources, Visitor visitor) {
        try (var cursors = new Cursors(sources)) {
            Cursor first = cursors.all.getFirst();
            first.step();
            while (first.place != null) {
                Bytes place = first.place;
                Bytes behind = cursors.firstBehind(place);
                if (behind == null) return;
                if (behind.equals(place)) {
                    if (!visitor.visit(nameAt(place), cursors.valuesAt(place))) return;
                    first.step();
                } else first.moveTo(behind);
            }
        }
    }

    /// Visits what is in the first of `sources` and in no other.
    public static void difference(List<HashedMembers> sources, Visitor visitor) {
        try (var cursors = new Cursors(sources)) {
            Cursor first = cursors.all.getFirst();
            List<Cursor> others = cursors.all.subList(1, cursors.all.size());
            for (first.step(); first.place != null; first.step()) {
                Bytes place = first.place;
                for (Cursor other : others) other.moveTo(place);
                boolean isElsewhere = others.stream().anyMatch(each -> place.equals(each.place));
                if (isElsewhere) continue;
                if (!visitor.visit(nameAt(place), cursors.valuesAt(place))) return;
            }
        }
    }

    private static Bytes nameAt(Bytes place) {
        return place.slice(Integer.BYTES, place.length());
    }

    private static final class Cursors implements AutoCloseable {
        private final List<Cursor> all = new ArrayList<>();

        Cursors(List<HashedMembers> sources) {
            for (HashedMembers source : sources) all.add(new Cursor(source.walk()));
        }

        @Nullable Bytes least() {
            Bytes least = null;
            for (Cursor cursor : all) {
                Bytes place = cursor.place;
                if (place != null && (least == null || place.compareTo(least) < 0)) least = place;
            }
            return least;
        }

        // The place itself if all cursors come to it, else the next one that has a chance; null if
        // one cursor is at its end.
        @Nullable Bytes firstBehind(Bytes place) {
            for (Cursor cursor : all) {
                cursor.moveTo(place);
                if (cursor.place == null || !cursor.place.equals(place)) return cursor.place;
            }
            return place;
        }

        @Nullable Bytes[] valuesAt(Bytes place) {
            @Nullable Bytes[] values = new @Nullable Bytes[all.size()];
            Arrays.setAll(values, i -> place.equals(all.get(i).place) ? all.get(i).value() : null);
            return values;
        }

        @Override
        public void close() {
            all.forEach(Cursor::close);
        }
    }

    /// A walk that stands on a place, or at its end.
    private static final class Cursor {
        private final HashedMembers.Walk walk;
        private @Nullable Bytes place;
        private boolean isAtEnd;

        Cursor(HashedMembers.Walk walk) {
            this.walk = walk;
        }

        void step() {
            if (isAtEnd) return;
            isAtEnd = !walk.next();
            place = isAtEnd ? null : walk.place();
        }

        /// Moves to `target`, or to the first place behind it.
        void moveTo(Bytes target) {
            for (int i = 0; i < STEPS_MAX && isBefore(target); i++) step();
            if (!isBefore(target)) return;
            walk.seekPlace(target);
            step();
        }

        private boolean isBefore(Bytes target) {
            return !isAtEnd && (place == null || place.compareTo(target) < 0);
        }

        Bytes value() {
            return walk.value();
        }

        void close() {
            walk.close();
        }
    }
}

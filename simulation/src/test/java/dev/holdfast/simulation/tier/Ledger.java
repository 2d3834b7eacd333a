package dev.holdfast.simulation.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Watermarks;
import java.util.ArrayList;
import java.util.List;

/// What was written, what of it was acknowledged, and what must therefore be there.
///
/// Each writer numbers its own writes, and no key is used twice. Once an opening has shown a write
/// it stays; once one has not shown it, it never comes back.
final class Ledger {
    private enum Fate {
        OPEN,
        CERTAIN,
        GONE
    }

    /// One write.
    static final class Entry {
        private final int writer;
        private final int number;
        private long seq;
        private Durability acknowledged = Durability.MEMORY;
        private Fate fate = Fate.OPEN;

        private Entry(int writer, int number) {
            this.writer = writer;
            this.number = number;
        }

        Bytes key() {
            return Bytes.utf8("w" + writer + " " + number);
        }

        Bytes value() {
            return Bytes.utf8("v" + number + " ".repeat(150 + number % 4 * 400));
        }

        void acknowledge(long committed, Durability level) {
            seq = committed;
            acknowledged = level;
        }

        @Override
        public String toString() {
            return "w%d %d seq=%d %s %s".formatted(writer, number, seq, acknowledged, fate);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final StringBuilder wrong = new StringBuilder();
    private Watermarks seen = new Watermarks(0, 0, 0);
    private long acknowledgedLocal;

    Entry next(int writer) {
        var entry = new Entry(writer, entries.size() + 1);
        entries.add(entry);
        return entry;
    }

    /// Marks that were reported.
    void reported(Watermarks marks) {
        boolean isInOrder = marks.remote() <= marks.local() && marks.local() <= marks.applied();
        boolean hasRisen = seen.remote() <= marks.remote() && seen.local() <= marks.local();
        if (!isInOrder || !hasRisen) report("marks " + marks + " after " + seen);
        seen = marks;
    }

    /// The disk is lost: only the store's commits are certain now.
    void loseDisk() {
        for (Entry each : entries)
            if (each.fate == Fate.CERTAIN && !isShipped(each)) each.fate = Fate.OPEN;
        for (Entry each : entries)
            if (each.acknowledged == Durability.LOCAL) each.acknowledged = Durability.MEMORY;
        seen = new Watermarks(seen.remote(), seen.remote(), seen.remote());
    }

    // Of a write whose answer never came nobody knows the number.
    private boolean isShipped(Entry each) {
        return 0 < each.seq && each.seq <= seen.remote();
    }

    /// Compares what a database shows with what it must show.
    void compare(HoldfastDb db, String who) {
        long lost = Long.MAX_VALUE;
        long kept = 0;
        for (Entry each : entries) {
            Bytes found = db.get(each.key());
            boolean isThere = found != null;
            if (isThere && !each.value().equals(found)) report(who + " has other bytes in " + each);
            if (!isThere && isRequired(each)) report(who + " lost " + each);
            if (isThere && each.fate == Fate.GONE) report(who + " brought back " + each);
            if (0 < each.seq && each.fate == Fate.OPEN) {
                if (isThere) kept = Math.max(kept, each.seq);
                else lost = Math.min(lost, each.seq);
            }
            each.fate = isThere ? Fate.CERTAIN : Fate.GONE;
            if (isThere && each.acknowledged == Durability.LOCAL) acknowledgedLocal++;
        }
        if (lost < kept) report(who + " has commit " + kept + " without " + lost);
        seen = db.watermarks();
    }

    private boolean isRequired(Entry each) {
        if (each.fate != Fate.OPEN) return each.fate == Fate.CERTAIN;
        return each.acknowledged != Durability.MEMORY || isShipped(each);
    }

    /// The last remote mark that was reported.
    long remoteReported() {
        return seen.remote();
    }

    /// Of the writes whose numbers are known, and were not lost with a machine, `reader` shows
    /// those up to `shown`, and no others.
    void requirePrefix(DbReader reader, long shown, String who) {
        for (Entry each : entries) {
            if (each.seq == 0 || each.fate == Fate.GONE) continue; // others may have its number
            Bytes expected = each.seq <= shown ? each.value() : null;
            assertEquals(expected, reader.get(each.key()), who + " up to " + shown + ": " + each);
        }
    }

    void report(String what) {
        wrong.append(what).append('\n');
    }

    /// What is wrong, empty if nothing.
    String wrong() {
        return wrong.toString();
    }

    /// How many writes that were acknowledged as LOCAL were found again.
    long acknowledgedLocal() {
        return acknowledgedLocal;
    }
}

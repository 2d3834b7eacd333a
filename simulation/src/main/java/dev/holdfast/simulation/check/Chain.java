package dev.holdfast.simulation.check;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The order of commits as one life sees it: of each life before what the next one recovered, and
/// of the last one everything.
final class Chain {
    private final List<Life> lives;
    private final Map<String, TreeMap<Long, Write>> byKey = new HashMap<>();
    private final Map<String, List<Write>> unknownByKey = new HashMap<>();
    private long last;

    /// @param lives in the order of epochs, the one that sees this order last
    Chain(List<Life> lives) {
        this.lives = lives;
    }

    /// Takes `write` in at `seq`, if it is part of this order.
    void add(Write write, long seq) {
        if (ownerOf(seq) != write.life()) return;
        last = Math.max(last, seq);
        for (Write.Row row : write.rows())
            byKey.computeIfAbsent(row.key(), _ -> new TreeMap<>()).put(seq, write);
    }

    /// Notes `write`, whose number nobody knows, if it can be part of this order.
    void addUnknown(Write write) {
        for (int i = 0; i < lives.size(); i++) {
            if (lives.get(i).number() != write.life()) continue;
            if (lives.get(i).base() < endOf(i))
                for (Write.Row row : write.rows())
                    unknownByKey
                            .computeIfAbsent(row.key(), _ -> new java.util.ArrayList<>())
                            .add(write);
        }
    }

    /// The number of the life whose commit `seq` is in this order; -1 if nobody's can be.
    int ownerOf(long seq) {
        for (int i = lives.size() - 1; 0 <= i; i--)
            if (lives.get(i).base() < seq) return lives.get(i).number();
        return -1;
    }

    private long endOf(int index) {
        return index + 1 < lives.size() ? lives.get(index + 1).base() : Long.MAX_VALUE;
    }

    /// What `key` is after commit `seq`, as far as numbers are known, if nothing has expired.
    @Nullable String valueAt(String key, long seq) {
        var added = new StringBuilder();
        for (Write write : commitsOf(key).headMap(seq, true).descendingMap().values()) {
            Write.Row row = Objects.requireNonNull(write.rowOf(key));
            if (row.value() != null) added.insert(0, row.value());
            if (!row.isAdded()) break;
        }
        return added.isEmpty() ? null : added.toString();
    }

    /// Every commit whose number is known, and that is after `least`; `least` too.
    NavigableSet<Long> numbersFrom(long least) {
        var numbers = new TreeSet<Long>();
        numbers.add(least);
        for (TreeMap<Long, Write> commits : byKey.values())
            numbers.addAll(commits.tailMap(least, true).keySet());
        return numbers;
    }

    /// The commits of `key` whose numbers are known.
    TreeMap<Long, Write> commitsOf(String key) {
        return byKey.getOrDefault(key, new TreeMap<>());
    }

    /// The writes of `key` that may be in this order at a number that nobody knows.
    Collection<Write> unknownOf(String key) {
        return unknownByKey.getOrDefault(key, List.of());
    }

    /// The last commit whose number is known.
    long last() {
        return Math.max(last, lives.isEmpty() ? 0 : lives.getLast().base());
    }
}

package dev.holdfast.engine.board;

import dev.holdfast.format.work.PartKey;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a look at the board has shown. It may lag: it tells where to look, not what is. Not
/// thread-safe.
public final class Posted {
    private static final Comparator<PartKey> IN_ORDER =
            Comparator.comparing(PartKey::job)
                    .thenComparing(PartKey::epoch)
                    .thenComparing(PartKey::round)
                    .thenComparing(PartKey::part)
                    .thenComparing(PartKey::attempt);

    private final SortedMap<PartKey, Set<Paper>> papers = new TreeMap<>(IN_ORDER);
    private final SortedSet<String> workers = new TreeSet<>();

    void add(BoardNames.Posting posting) {
        papers.computeIfAbsent(posting.key(), _ -> EnumSet.noneOf(Paper.class))
                .add(posting.paper());
    }

    void addWorker(String name) {
        workers.add(name);
    }

    /// True if the paper was shown.
    public boolean has(PartKey key, Paper paper) {
        Set<Paper> shown = papers.get(key);
        return shown != null && shown.contains(paper);
    }

    /// The attempts of which anything was shown, by compaction, then in key order.
    public Iterable<PartKey> keys() {
        return java.util.Collections.unmodifiableMap((Map<PartKey, Set<Paper>>) papers).keySet();
    }

    /// The workers that say they are there.
    public Set<String> workers() {
        return java.util.Collections.unmodifiableSet(workers);
    }
}

package dev.holdfast.engine.compact;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.board.Paper;
import dev.holdfast.engine.board.Posted;
import dev.holdfast.engine.board.WorkBoard;
import dev.holdfast.engine.compact.CompactionJob.Gathered;
import dev.holdfast.engine.compact.CompactionJob.Part;
import dev.holdfast.format.work.PartClaim;
import dev.holdfast.format.work.PartKey;
import dev.holdfast.format.work.PartOrder;
import dev.holdfast.format.work.PartResult;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What earlier attempts at a compaction, of this compactor or of one before it, have left on the
/// board.
///
/// It is good for whoever compacts now: a compaction keeps its sources and its id for as long as it
/// stands in `.compactions`, which is also what keeps its tables from collectors; rows that an
/// older order kept are a superset of those that must be kept now. Its tables are read before they
/// count.
final class Gleaning {
    private static final int PAPERS_MAX = 512;

    private Gleaning() {}

    private record Range(@Nullable Bytes start, @Nullable Bytes end) {}

    /// The parts that were worked on, in the order in which they begin. What is still offered is
    /// taken back: from now on this compactor's orders count.
    static List<Gathered> of(WorkBoard board, Ulid job) {
        Posted posted = board.look(job);
        Map<Range, Gathered> best = new HashMap<>();
        int read = 0;
        for (PartKey key : posted.keys()) {
            if (PAPERS_MAX < ++read) break;
            Gathered left = posted.has(key, Paper.RESULT) ? done(board, key) : begun(board, key);
            if (left != null && (left.isDone() || !left.finished().isEmpty()))
                best.merge(rangeOf(left), left, Gleaning::better);
        }
        for (PartKey key : posted.keys()) if (posted.has(key, Paper.ORDER)) board.withdraw(key);
        return best.values().stream()
                .sorted(
                        Comparator.comparing(
                                each -> each.part().start(),
                                Comparator.nullsFirst(Comparator.naturalOrder())))
                .toList();
    }

    private static @Nullable Gathered done(WorkBoard board, PartKey key) {
        PartResult result = board.readResult(key);
        if (result == null) return null;
        var part = new Part(result.start(), result.end(), null);
        return new Gathered(part, result.finished(), result.ending() == PartResult.Ending.DONE);
    }

    // What a worker has shown so far; the order tells where the part begins and ends.
    private static @Nullable Gathered begun(WorkBoard board, PartKey key) {
        PartClaim claim = board.readClaim(key);
        if (claim == null || claim.finished().isEmpty()) return null;
        PartOrder order = board.readOrder(key);
        if (order == null) return null;
        return new Gathered(new Part(order.start(), order.end(), null), claim.finished(), false);
    }

    private static Range rangeOf(Gathered gathered) {
        return new Range(gathered.part().start(), gathered.part().end());
    }

    private static Gathered better(Gathered a, Gathered b) {
        if (a.isDone() != b.isDone()) return a.isDone() ? a : b;
        return a.finished().size() < b.finished().size() ? b : a;
    }
}

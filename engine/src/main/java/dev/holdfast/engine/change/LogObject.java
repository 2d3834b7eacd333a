package dev.holdfast.engine.change;

import dev.holdfast.engine.api.ChangeStream.Row;
import dev.holdfast.engine.wal.WalReplayer;
import dev.holdfast.lifecycle.wait.Token;
import java.util.List;

/// One log object by itself, whatever lies around it.
public final class LogObject {
    private LogObject() {}

    /// Rows that share a number.
    public record Commit(long seq, List<Row> rows) {
        public Commit {
            rows = List.copyOf(rows);
        }
    }

    /// All commits in object `id`; none if it is a fence.
    public static List<Commit> commitsIn(long id, Place place, Token token)
            throws InterruptedException {
        var sink = new CommitSink(_ -> true);
        new WalReplayer(place.store(), place.root(), place.env(), token, 0)
                .openedBy(place.sealing())
                .replay(id - 1, id, sink);
        return sink.commits();
    }
}

package dev.holdfast.engine.table;

import static java.util.Objects.requireNonNull;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.format.sst.EncodedSst;
import dev.holdfast.format.sst.SstEncoder;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.gate.Flight;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Encodes a table in two halves at once, the second on a thread of its own. Thread-safe.
public final class SstHalves {
    private static final String HALF = "half of a table";

    private final SstWriter writer;
    private final Env env;

    /// @param writer in whose form tables are encoded
    public SstHalves(SstWriter writer, Env env) {
        this.writer = writer;
        this.env = env;
    }

    /// The table `id` of all rows of one cursor or of two, one behind the other; no key and number
    /// comes twice. Throws `Unavailable` if that takes too long.
    public EncodedSst encode(Ulid id, List<RowCursor> halves, Deadline deadline, Token token)
            throws InterruptedException {
        try (SstEncoder first = writer.encoder(id)) {
            if (halves.size() == 1 || !first.isJoinable()) {
                for (RowCursor rows : halves) addAll(first, rows);
                return first.finish();
            }
            try (var second = new Half(id, halves.getLast())) {
                env.startBusy(HALF, second::run);
                addAll(first, halves.getFirst());
                first.append(second.await(deadline, token));
                return first.finish();
            }
        }
    }

    private static void addAll(SstEncoder encoder, RowCursor rows) {
        while (rows.next()) encoder.add(rows);
    }

    /// Rows that another thread encodes. Its encoder is closed by who is the last to know of it.
    private final class Half implements AutoCloseable {
        private final Ulid id;
        private final RowCursor rows;
        private final Flight<Boolean> flight = new Flight<>(HALF, HALF);
        private volatile @Nullable SstEncoder made; // before it lands

        Half(Ulid id, RowCursor rows) {
            this.id = id;
            this.rows = rows;
        }

        void run() {
            SstEncoder encoder = writer.encoder(id);
            Throwable broken = Task.attempt(() -> addAll(encoder, rows));
            if (broken == null) {
                made = encoder;
                if (flight.land(true)) return;
            }
            encoder.close();
            flight.fail(new Unavailable("half a table not encoded: " + broken, broken));
        }

        SstEncoder await(Deadline deadline, Token token) throws InterruptedException {
            if (flight.await(deadline, token) != WaitResult.SATISFIED)
                throw new Unavailable("table not encoded in time. table=`" + id + "`", null);
            flight.value();
            return requireNonNull(made);
        }

        @Override
        public void close() {
            boolean isUnderWay = flight.fail(new Unavailable("nobody waits for it", null));
            SstEncoder encoder = made;
            if (!isUnderWay && encoder != null) encoder.close();
        }
    }
}

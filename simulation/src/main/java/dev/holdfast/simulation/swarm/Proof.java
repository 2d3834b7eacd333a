package dev.holdfast.simulation.swarm;

import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.lifecycle.ExitCode;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.simulation.check.Write.Row;
import dev.holdfast.simulation.swarm.stage.Asked;
import dev.holdfast.simulation.swarm.stage.Journal;
import dev.holdfast.simulation.swarm.stage.Session;
import dev.holdfast.simulation.swarm.stage.Value;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What must succeed once nothing goes wrong any more: writes become durable, and the stop is
/// clean.
final class Proof {
    private static final int ATTEMPTS_MAX = 100;
    private static final int DURABLE_MILLIS = 60_000;
    private static final Duration STOP = Duration.ofSeconds(60);

    private final Server server;
    private final Session session;
    private final Journal journal;

    Proof(Server server, Session session) {
        this.server = server;
        this.session = session;
        journal = session.journal();
    }

    /// False if a writer that was still opening fenced this one: then it is to be tried again.
    boolean isGiven() throws InterruptedException {
        try {
            for (String register : session.keys().registers()) write(register);
        } catch (Closed closed) {
            session.ended(closed);
        } catch (StorageException failed) {
            journal.never("liveness: not written without faults: " + failed);
        }
        ShutdownReport report = server.stopped(session, Mode.SMART, STOP);
        if (session.wasFenced()) return false;
        if (report.exitCode() != ExitCode.CLEAN)
            journal.never("liveness: not stopped cleanly: " + report.toJson());
        return true;
    }

    // A short timeout may still be met by a slow answer, but not again and again.
    private void write(String register) throws InterruptedException {
        Asked asked = asked(register);
        if (asked == null) journal.never("liveness: no room without faults");
        else if (!session.awaitDurable(asked, DURABLE_MILLIS))
            journal.never("liveness: not durable without faults: " + asked);
    }

    // Null if there was no room, however often it was asked for.
    private @Nullable Asked asked(String register) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int id = journal.number();
            List<Row> rows = List.of(new Row(register, Value.of(id, register, 0)));
            try {
                return session.write(id, rows, Durability.MEMORY);
            } catch (Unavailable _) {
                journal.sometimes("no room for a proof");
            }
        }
        return null;
    }
}

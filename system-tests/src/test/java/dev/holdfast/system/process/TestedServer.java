package dev.holdfast.system.process;

import java.io.IOException;
import java.time.Duration;

/// A server of Redis's protocol in a process of its own: ours, or the real one.
///
/// Close it: that kills it if it still runs.
public interface TestedServer extends AutoCloseable {
    /// Where it listens.
    int port();

    /// Asks it to stop, as an operator does.
    void terminate();

    /// Waits for its end, and tells whether it came.
    boolean awaitExit(Duration patience);

    /// How it ended. Only after its end.
    int exitCode();

    /// All that the servers on this database have printed.
    String output() throws IOException;

    @Override
    void close();

    /// A new connection.
    default RespClient connect() throws IOException {
        return new RespClient(port());
    }

    /// Asks it to stop, waits, and returns its exit code.
    default int stop(Duration patience) throws IOException {
        terminate();
        if (!awaitExit(patience))
            throw new AssertionError("not stopped in " + patience + ":\n" + output());
        return exitCode();
    }
}

package dev.holdfast.bench.engine;

import dev.holdfast.bench.peer.Task;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An engine that does the tasks in a process of its own.
interface Peer {
    /// As it is named in tables.
    String name();

    /// Why it cannot be measured here; null if it can.
    @Nullable String absence();

    /// The command line that does `task` in `directory` and prints one line of figures.
    List<String> command(Path directory, Task task);
}

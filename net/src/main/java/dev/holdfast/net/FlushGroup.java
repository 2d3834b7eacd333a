package dev.holdfast.net;

import java.util.ArrayList;
import java.util.List;

/// Writes to several pipes that go out together: each event loop is woken once for all of its own,
/// not once a pipe.
///
/// What was written with a group goes out by [#flush] at the latest; earlier if somebody else has
/// the same loop send. Not thread-safe.
public final class FlushGroup {
    private final List<SendQueue> queues = new ArrayList<>(2); // few: one an event loop

    /// Something waits in `queue`.
    void add(SendQueue queue) {
        if (!queues.contains(queue)) queues.add(queue);
    }

    /// Sends what was written. The group may be used again.
    public void flush() {
        for (SendQueue queue : queues) queue.flush();
        queues.clear();
    }
}

package dev.holdfast.engine.compact;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.manifest.CompactionsStore;
import dev.holdfast.engine.manifest.CompactionsVersion;
import java.time.Duration;

/// The patience of a compactor that was fenced: as long as another writes down what it does, the
/// work is left to it. Not thread-safe.
final class Aside {
    private static final Duration LOOK = Duration.ofMinutes(5);

    private final Env env;
    private final CompactionsStore store;
    private Deadline nextLook;
    private long seen;

    Aside(Env env, CompactionsStore store) {
        this.env = env;
        this.store = store;
        nextLook = Deadline.after(env, LOOK);
    }

    /// True if it is time to look what the other does.
    boolean isOver() {
        return nextLook.isExpired();
    }

    /// True if it has written something down since the last look.
    boolean doesAnotherWork() {
        CompactionsVersion latest = store.latest();
        long id = latest == null ? 0 : latest.id();
        boolean hasMoved = id != seen;
        seen = id;
        nextLook = Deadline.after(env, LOOK);
        return hasMoved;
    }
}

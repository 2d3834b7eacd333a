package dev.holdfast.simulation.swarm;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.check.Sight;
import dev.holdfast.simulation.check.Sight.Seen;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.swarm.stage.Journal;
import dev.holdfast.simulation.swarm.stage.World;
import java.time.Duration;
import java.util.SortedMap;

/// A reader on a machine of its own, which opens the database again and again to look at.
final class Outsider {
    private final World world;
    private final Journal journal;
    private final Env env;
    private final ObjectStore store;
    private boolean isLeaving;

    Outsider(World world) {
        this.world = world;
        journal = world.journal();
        Node node = world.machine();
        env = node.env();
        store = world.linkOf(node);
    }

    void boot() {
        env.start("outsider", this::live);
    }

    void leave() {
        isLeaving = true;
    }

    private void live() {
        Thread.currentThread()
                .setUncaughtExceptionHandler((_, broken) -> journal.never("reader: " + broken));
        try {
            while (!isLeaving) {
                env.sleep(Duration.ofMillis(200 + world.simulation().chance(5_000)));
                look();
            }
        } catch (InterruptedException interrupted) {
            journal.never("the reader was interrupted: " + interrupted);
        }
    }

    private void look() {
        long call = mayLag() ? 0 : journal.tick();
        try (DbReader reader = world.engineOver(store, env).openReader()) {
            SortedMap<String, Seen> first =
                    world.observer().scanned("reader", reader, Order.ASCENDING);
            var sight =
                    new Sight(
                            "reader",
                            Sight.FROM_OUTSIDE,
                            Sight.UNKNOWN_SEQ,
                            first,
                            call,
                            journal.tick(),
                            journal.wallMillis());
            world.observer().note(sight);
            journal.sometimes("reader looked");
            SortedMap<String, Seen> second =
                    world.observer().scanned("reader", reader, Order.DESCENDING);
            if (!world.observer().isSame(first, second))
                journal.never("a reader's state moved from " + first);
        } catch (StorageException failed) {
            judge(failed);
        }
    }

    // Where listings lag or names are hidden, what was durable before may not be shown yet.
    private boolean mayLag() {
        return world.mayStrike(StoreFault.STALE_LIST, StoreFault.INVISIBLE);
    }

    private void judge(StorageException failed) {
        boolean isBeforeAll = failed instanceof Invalid && (journal.lives().isEmpty() || mayLag());
        boolean isExpected =
                failed instanceof StorageException.Unavailable
                        || isBeforeAll
                        || world.isDamage(failed);
        if (isExpected) journal.sometimes("reader failed");
        else if (failed instanceof CorruptData)
            journal.never("reader met damage that nobody did: " + failed);
        else journal.never("reader failed: " + failed);
    }
}

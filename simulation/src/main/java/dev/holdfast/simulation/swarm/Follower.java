package dev.holdfast.simulation.swarm;

import dev.holdfast.base.Env;
import dev.holdfast.engine.HoldfastReader;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.check.Sight;
import dev.holdfast.simulation.check.Sight.Seen;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.swarm.stage.Journal;
import dev.holdfast.simulation.swarm.stage.RunSettings;
import dev.holdfast.simulation.swarm.stage.World;
import java.time.Duration;
import java.util.SortedMap;
import java.util.SplittableRandom;

/// A reader on a machine of its own that stays open for a while: it follows the writers, or keeps a
/// checkpoint, and says how old what it shows may be.
final class Follower {
    private static final int LOOKS_MAX = 12;
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private final World world;
    private final Journal journal;
    private final SplittableRandom chance;
    private final Node node;
    private final Env env;
    private boolean isLeaving;
    private boolean isBeforeAll; // when it was opened last, nobody had opened to write

    Follower(World world) {
        this.world = world;
        journal = world.journal();
        chance = world.chance();
        node = world.machine();
        env = node.env();
    }

    void boot() {
        env.start("follower", this::live);
    }

    void leave() {
        isLeaving = true;
    }

    private void live() {
        Thread.currentThread()
                .setUncaughtExceptionHandler((_, broken) -> journal.never("follower: " + broken));
        try {
            while (!isLeaving) {
                pause(5_000);
                follow();
            }
        } catch (InterruptedException interrupted) {
            journal.never("a follower was interrupted: " + interrupted);
        }
    }

    private void pause(int millisMax) throws InterruptedException {
        env.sleep(Duration.ofMillis(1 + chance.nextInt(millisMax)));
    }

    private void follow() throws InterruptedException {
        boolean isKeeping = chance.nextInt(4) == 0;
        Duration poll = Duration.ofMillis(RunSettings.pick(chance, 20, 200, 1_000));
        ReaderSettings settings =
                isKeeping ? ReaderSettings.heldCheckpoint(LIFETIME) : ReaderSettings.latest();
        settings = settings.withPolls(poll, poll.multipliedBy(1 + chance.nextInt(10)));
        isBeforeAll = journal.lives().isEmpty();
        try (HoldfastReader reader = world.engineOn(node).openReader(settings)) {
            long shown = -1;
            for (int i = 0; i < LOOKS_MAX && !isLeaving; i++) {
                long now = look(reader, shown);
                if (isKeeping && shown != -1 && now != shown)
                    journal.never("a kept moment moved from " + shown + " to " + now);
                shown = now;
                pause(RunSettings.pick(chance, 50, 1_000, 20_000));
            }
        } catch (StorageException failed) {
            judge(failed);
        }
    }

    // Returns the last commit that is shown, or what was before if there is no answer now.
    private long look(HoldfastReader reader, long before) throws InterruptedException {
        long call = mayLag() ? 0 : journal.tickBefore(reader.status().age());
        try (ReadView view = reader.view()) {
            if (view.seq() < before)
                journal.never("a reader went back from " + before + " to " + view.seq());
            if (before != -1 && before < view.seq()) journal.sometimes("reader followed");
            SortedMap<String, Seen> first =
                    world.observer().scanned("follower", view, Order.ASCENDING);
            world.observer()
                    .note(
                            new Sight(
                                    "follower",
                                    Sight.FROM_OUTSIDE,
                                    view.seq(),
                                    first,
                                    call,
                                    journal.tick(),
                                    journal.wallMillis()));
            pause(500);
            SortedMap<String, Seen> second =
                    world.observer().scanned("follower", view, Order.DESCENDING);
            if (!world.observer().isSame(first, second))
                journal.never("a follower's view moved from " + first + " to " + second);
            return view.seq();
        } catch (Unavailable _) {
            journal.sometimes("follower waits");
        } catch (Conflict _) {
            journal.sometimes("follower's view was collected");
        }
        return before;
    }

    // Where listings lag or names are hidden, what was durable before may not be shown yet.
    private boolean mayLag() {
        return world.mayStrike(StoreFault.STALE_LIST, StoreFault.INVISIBLE);
    }

    private void judge(StorageException failed) {
        boolean isExpected =
                switch (failed) {
                    case Unavailable _ -> true;
                    case Closed closed -> closed.reason() == Closed.Reason.EXPIRED;
                    case Invalid _ -> isBeforeAll || mayLag();
                    default -> world.isDamage(failed);
                };
        if (isExpected) journal.sometimes("follower failed");
        else journal.never("follower failed: " + failed);
    }
}

package dev.holdfast.engine.write;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks at the manifest now and then: for a newer writer, and for what the compactor did.
///
/// Safety does not rest on it: a fenced writer learns of it at its next put as well. It only learns
/// sooner, also while it is idle. While nothing changes it looks ever more seldom; any change, its
/// own process's included, brings it back to its usual pace.
final class ManifestPoller implements Component {
    private static final String NAME = "manifest-poller";
    private static final int PAUSES_MAX = 30; // between two looks at what does not change

    // Far below the age at which a collector may remove a manifest that is not the latest.
    private static final Duration SLOW = Duration.ofMinutes(1);

    private static final System.Logger LOG = System.getLogger(ManifestPoller.class.getName());

    private final LiveManifest live;
    private final Duration interval;
    private final Ending ending;
    private final Env env;
    private volatile @Nullable StartContext context;
    private volatile @Nullable Task polling;
    private volatile long changes;

    ManifestPoller(LiveManifest live, Duration interval, Ending ending, Env env) {
        this.live = live;
        this.env = env;
        this.interval = interval;
        this.ending = ending;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> requires() {
        return Set.of("store");
    }

    @Override
    public Set<Phase> phases() {
        return Set.of(Phase.QUIESCE);
    }

    @Override
    public void start(StartContext given) {
        context = given;
        live.onChange(() -> changes = live.current().id());
        poll(given);
    }

    private void poll(StartContext given) {
        Token untilStop = given.token().untilDrain();
        polling = given.fork(NAME, () -> pollUntilStopped(untilStop));
    }

    /// The stop that was taken back has ended the looks.
    @Override
    public void resume() {
        StartContext given = context;
        if (given != null) poll(given);
    }

    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        Task task = polling;
        boolean hasEnded = task == null || task.join(context.deadline());
        return hasEnded ? Outcome.done() : Outcome.cut("looks at the manifest", 1);
    }

    private void pollUntilStopped(Token untilStop) throws InterruptedException {
        long seen = changes;
        int between = 1;
        int passed = 0;
        Deadline recent = Deadline.after(env, SLOW);
        while (untilStop.pause(interval) == WaitResult.EXPIRED && !ending.isReached()) {
            boolean hasMoved = seen != changes;
            seen = changes;
            if (hasMoved) between = 1;
            if (++passed < between) continue;
            passed = 0;
            between = Math.min(2 * between, PAUSES_MAX);
            look(recent);
            recent = Deadline.after(env, SLOW);
        }
    }

    // After a long pause what follows on the manifest last seen may be gone again.
    private void look(Deadline recent) {
        try {
            if (recent.isExpired()) live.refresh();
            else live.refreshByName();
        } catch (Unavailable notNow) {
            LOG.log(System.Logger.Level.DEBUG, "manifest not seen: {0}", notNow.getMessage());
        } catch (Closed fenced) {
            ending.fail(fenced);
        }
    }
}

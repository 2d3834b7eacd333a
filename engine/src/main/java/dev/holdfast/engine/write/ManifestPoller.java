package dev.holdfast.engine.write;

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
/// sooner, also while it is idle.
final class ManifestPoller implements Component {
    private static final String NAME = "manifest-poller";
    private static final System.Logger LOG = System.getLogger(ManifestPoller.class.getName());

    private final LiveManifest live;
    private final Duration interval;
    private final Ending ending;
    private volatile @Nullable StartContext context;
    private volatile @Nullable Task polling;

    ManifestPoller(LiveManifest live, Duration interval, Ending ending) {
        this.live = live;
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
        while (untilStop.pause(interval) == WaitResult.EXPIRED && !ending.isReached()) {
            try {
                live.refresh();
            } catch (Unavailable notNow) {
                LOG.log(System.Logger.Level.DEBUG, "manifest not seen: {0}", notNow.getMessage());
            } catch (Closed fenced) {
                ending.fail(fenced);
            }
        }
    }
}

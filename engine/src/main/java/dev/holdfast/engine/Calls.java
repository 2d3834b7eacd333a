package dev.holdfast.engine;

import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.wal.Ending;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.lifecycle.wait.StopException;
import dev.holdfast.lifecycle.wait.Token;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The calls of a database's users: let in, counted, refused once it stops, waited for.
final class Calls implements Component {
    private final Gate gate;
    private final Ending ending;
    private final Set<String> feeds;
    private volatile @Nullable StartContext context;

    /// @param feeds who must not stop before they have ended
    Calls(Gate gate, Ending ending, Set<String> feeds) {
        this.gate = gate;
        this.ending = ending;
        this.feeds = Set.copyOf(feeds);
    }

    /// Lets one call in, and returns its ticket for [#leave]. Throws `Closed` if the database has
    /// ended or is stopping.
    long enter(String doing) {
        ending.check();
        try {
            return gate.enterBriefly("caller", doing);
        } catch (StopException stopping) {
            throw closing(stopping);
        }
    }

    /// Makes one call inside, as [#enter] and [#leave] do.
    <T extends @Nullable Object> T inside(String doing, Supplier<T> call) {
        long ticket = enter(doing);
        try {
            return call.get();
        } finally {
            leave(ticket);
        }
    }

    private Closed closing(StopException stopping) {
        ending.check();
        return new Closed(Closed.Reason.CLEAN, "the database is closing", stopping);
    }

    /// The call of `ticket` is over.
    void leave(long ticket) {
        gate.leave(ticket);
    }

    /// True if nothing but a close has ended them.
    boolean wereEndedByClose() {
        return ending.reason() == null || ending.reason() == Closed.Reason.CLEAN;
    }

    @Override
    public String name() {
        return "calls";
    }

    @Override
    public Set<String> feeds() {
        return feeds;
    }

    @Override
    public Set<Phase> phases() {
        return Set.of(Phase.REJECT, Phase.DRAIN, Phase.RELEASE);
    }

    @Override
    public void start(StartContext context) {
        this.context = context;
    }

    /// Runs `body` on a thread of its own, unless a stop has begun. Throws `Closed` then.
    void fork(String name, Task.Body body) {
        StartContext given = context;
        if (given == null) throw new IllegalStateException("not started");
        try {
            given.fork(name, body);
        } catch (StopException stopping) {
            throw closing(stopping);
        }
    }

    /// The token of what these calls have running for them: waits under it end with a stop.
    Token token() {
        StartContext given = context;
        if (given == null) throw new IllegalStateException("not started");
        return given.token().renewed().untilDrain();
    }

    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        switch (phase) {
            case REJECT -> gate.close();
            case DRAIN -> {
                int inside = gate.drain(context.deadline(), context.token()).size();
                return Outcome.cut("calls under way", inside);
            }
            default -> ending.close();
        }
        return Outcome.done();
    }

    @Override
    public void resume() {
        gate.reopen();
    }
}

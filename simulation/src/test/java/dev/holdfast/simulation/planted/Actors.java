package dev.holdfast.simulation.planted;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.explore.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A scenario made of actors that each do one thing, and of what must hold afterwards.
abstract class Actors implements Scenario {
    private @Nullable Env env;
    private final List<String> wrong = new ArrayList<>();

    /// What an actor does.
    interface Deed {
        void act() throws InterruptedException;
    }

    /// What all of them share is made here, and each deed is one actor's.
    abstract List<Deed> deeds(Env world);

    @Override
    public final void begin(Simulation simulation) {
        env = simulation.world();
        int number = 0;
        for (Deed deed : deeds(env)) env.start("actor " + number++, () -> act(deed));
    }

    private static void act(Deed deed) {
        try {
            deed.act();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    final Deadline farAway() {
        return Deadline.after(env, Duration.ofMinutes(10));
    }

    /// Notes what must not be: said by the actor that saw it.
    final void must(boolean holds, String otherwise) {
        if (!holds) wrong.add(otherwise);
    }

    /// What must hold in the end; nothing unless overridden.
    void end() {}

    @Override
    public final void judge() {
        end();
        if (!wrong.isEmpty()) throw new AssertionError(String.join("; ", wrong));
    }
}

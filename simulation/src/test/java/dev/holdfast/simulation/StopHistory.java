package dev.holdfast.simulation;

import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.simulation.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A receiver that looks at the state of its scope, and at its token, while the scope stops.
public final class StopHistory implements History {
    private static final int LOOKS = 2_000;

    @Override
    public String name() {
        return "stop";
    }

    @Override
    public void run(Simulation simulation) {
        var wrong = new ArrayList<String>();
        Env env = simulation.node("machine").env();
        env.start("main", () -> live(simulation, env, wrong));
        simulation.run(Duration.ofMinutes(5));
        if (!wrong.isEmpty()) throw new AssertionError("seed=" + simulation.seed() + ": " + wrong);
    }

    private static void live(Simulation simulation, Env env, List<String> wrong) {
        var receiver = new Receiver(simulation, wrong);
        Scope scope = Scope.builder("timeline", env).add(receiver).build();
        receiver.scope = scope;
        try {
            scope.start();
            env.sleep(Duration.ofNanos(1 + simulation.chance(2_000_000)));
            scope.stop(Mode.SMART, Duration.ofSeconds(10), "test");
        } catch (Exception failed) {
            wrong.add(failed.toString());
        }
    }

    private static final class Receiver implements Component {
        private final Simulation simulation;
        private final List<String> wrong;
        private Scope scope;

        Receiver(Simulation simulation, List<String> wrong) {
            this.simulation = simulation;
            this.wrong = wrong;
        }

        @Override
        public String name() {
            return "receiver";
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.QUIESCE);
        }

        @Override
        public void start(StartContext context) {
            context.fork("receiver", () -> receive(context));
        }

        private void receive(StartContext context) throws InterruptedException {
            Token token = context.token();
            for (int i = 0; i < LOOKS; i++) {
                boolean isStopping = scope.state().isStopping();
                if (isStopping && token.level() == Level.NONE) wrong.add("stopping, and no token");
                if (isStopping) return;
                context.env().sleep(Duration.ofNanos(1 + simulation.chance(10_000)));
            }
        }

        @Override
        public Outcome stop(Phase phase, StopContext context) {
            return Outcome.done();
        }
    }
}

package dev.holdfast.simulation.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import dev.holdfast.engine.ship.Shipment;
import dev.holdfast.engine.ship.Shipment.Kind;
import dev.holdfast.engine.ship.Upload;
import dev.holdfast.engine.ship.UploadScheduler;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StartException;
import dev.holdfast.lifecycle.StopContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Uploads that nothing would set going, and when the scheduler says so by itself.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SAME_THREAD) // the one that made the world
class StuckUploadTest {
    /// What every component of a database requires.
    static final class Store implements Component {
        @Override
        public String name() {
            return "store";
        }

        @Override
        public Set<Phase> phases() {
            return Set.of();
        }

        @Override
        public void start(StartContext context) {}

        @Override
        public Outcome stop(Phase phase, StopContext context) {
            return Outcome.done();
        }
    }

    @Test
    void shouldSayWithinTwoSecondsThatNothingWillSetAnUploadGoing() {
        var machine = new LocalMachine(0);
        Env env = machine.env();
        var uploads = new UploadScheduler(env);
        Scope scope = Scope.builder("test", env).add(new Store()).add(uploads).build();
        Shipment nobodys = Shipment.of(Kind.TABLE, "nobody carries it", 1, _ -> {});
        Shipment manifest = Shipment.of(Kind.MANIFEST, "stuck", 1, _ -> {});
        machine.tell(() -> {
            start(scope);
            Upload orphan = new UploadScheduler(env).submit(nobodys);
            uploads.submit(manifest.after(List.of(orphan)));
            assertEquals(0, uploads.report().stalls());

            env.sleep(Duration.ofSeconds(2));

            assertEquals(1, uploads.report().stalls());
            String stuck = uploads.report().tasks().getFirst().inWords();
            assertTrue(stuck.contains("nobody carries it"), stuck);
            scope.stop(Mode.FAST, Duration.ofSeconds(5), "test");
        });
    }

    static void start(Scope scope) throws InterruptedException {
        try {
            scope.start();
        } catch (StartException failed) {
            throw new AssertionError(failed);
        }
    }
}

package dev.holdfast.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Setup;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.store.CrashPoint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A consumer of changes that lags, dies at one of its calls or meets a store that is gone for a
/// while, between lives of a writer and collections. Of every second seed nothing is kept for it,
/// and where its log is gone it begins with a fresh view.
public final class ChangesHistory implements History {
    private static final int ROUNDS = 6;
    private static final int CALLS_MAX = 20;
    private static final Duration IDLE = Duration.ofSeconds(6);
    private static final Duration MIN_AGE = Duration.ofSeconds(30);
    private static final Duration GONE = Duration.ofSeconds(40);

    @Override
    public String name() {
        return "changes";
    }

    @Override
    public Setup setup(long seed) {
        return Setup.PLAIN;
    }

    @Override
    public void run(Simulation simulation) {
        String name = simulation.seed() % 2 == 0 ? "index" : null;
        Scene.tell(simulation, scene -> new Story(scene, name).tell());
    }

    /// One run.
    private static final class Story {
        private final Scene scene;
        private final @Nullable String name;
        private final CommitChain chain = new CommitChain();
        private final Consumer consumer;
        private int last;

        Story(Scene scene, @Nullable String name) {
            this.scene = scene;
            this.name = name;
            consumer = new Consumer(scene, chain, name);
        }

        void tell() throws InterruptedException {
            for (int round = 0; round < ROUNDS; round++) {
                write(1 + scene.chance(10));
                if (round == 0 || scene.chance(2) == 0) consume();
                // What goes before a name is registered, the name does not keep.
                boolean isKept = name == null || 0 < consumer.last();
                if (scene.chance(2) == 0 && isKept) collect();
            }
            scene.world().sleep(GONE); // the storm, if there is one
            consumer.live(Integer.MAX_VALUE, null, IDLE);
            assertEquals(last, consumer.last());
        }

        // Once the storm, if there is one, is over.
        private void write(int commits) throws InterruptedException {
            scene.world().sleep(GONE);
            Node machine = scene.machine();
            HoldfastDb db = scene.open(machine, Scene.TINY);
            for (int i = 0; i < commits; i++) {
                last = chain.begin(last);
                db.write(CommitChain.batch(last), Durability.MEMORY);
                if (scene.chance(3) == 0) db.flush();
            }
            db.flush();
            if (scene.chance(3) != 0) db.flushMemtables();
            machine.kill();
        }

        private void consume() throws InterruptedException {
            if (scene.chance(3) == 0)
                scene.world().start("storm", () -> Scene.unchecked(this::breakDown));
            var ways = CrashPoint.Way.values();
            var crash = new CrashPoint(scene.chance(CALLS_MAX), ways[scene.chance(ways.length)]);
            consumer.live(1 + scene.chance(8), scene.chance(2) == 0 ? crash : null, IDLE);
        }

        private void breakDown() throws InterruptedException {
            scene.world().sleep(Duration.ofMillis(scene.chance(60)));
            scene.store().breakDown(GONE);
        }

        private void collect() throws InterruptedException {
            scene.world().sleep(Duration.ofMinutes(2));
            Node machine = scene.machine();
            scene.collect(machine, MIN_AGE);
            machine.kill();
        }
    }
}

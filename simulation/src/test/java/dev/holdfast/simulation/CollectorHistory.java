package dev.holdfast.simulation;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.gc.Collector;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.simulation.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A collector that never rests, beside a writer that flushes all the time: it must spare the
/// tables that are about to be named.
public final class CollectorHistory implements History {
    private static final int WRITES = 40;
    private static final CollectionRules RULES =
            new CollectionRules(Duration.ofSeconds(1), CollectionRules.Sweep.REMOVE);
    private static final Bytes VALUE = Bytes.utf8("x".repeat(300));

    @Override
    public String name() {
        return "collector";
    }

    @Override
    public Setup setup(long seed) {
        return Setup.PLAIN;
    }

    @Override
    public void run(Simulation simulation) {
        var world = new CrashWorld(simulation.seed());
        var wrong = new ArrayList<String>();
        world.run(null, (db, env) -> work(db, env, world), (db, _) -> check(db, wrong));
        if (!wrong.isEmpty()) throw new AssertionError("seed=" + simulation.seed() + ": " + wrong);
    }

    private static void work(HoldfastDb db, Env env, CrashWorld world) throws InterruptedException {
        env.start("collector", () -> collect(world.left(), env));
        for (int i = 0; i < WRITES; i++) {
            db.write(new WriteBatch().put(key(i), VALUE), Durability.REMOTE);
            env.sleep(Duration.ofMillis(world.chance(100)));
        }
        db.flushMemtables();
    }

    private static void collect(ObjectStore store, Env env) {
        Token token = Token.standalone(env);
        try {
            while (true) {
                env.sleep(Duration.ofMillis(15));
                new Collector(store, CrashWorld.PATH, RULES, env, token).collect();
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static void check(HoldfastDb db, List<String> wrong) {
        for (int i = 0; i < WRITES; i++) {
            if (db.get(key(i)) == null) wrong.add("lost " + key(i));
        }
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key " + number);
    }
}

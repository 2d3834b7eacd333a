package dev.holdfast.simulation.crash;

import dev.holdfast.simulation.Setup;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.store.CrashPoint;
import dev.holdfast.simulation.store.CrashPoint.Way;
import java.util.SplittableRandom;

/// One of the crash stories: script, points and schedule are drawn from the seed.
public final class CrashPointHistory implements History {
    private static final int CALLS = 50;

    @Override
    public String name() {
        return "crash-point";
    }

    @Override
    public Setup setup(long seed) {
        return Setup.PLAIN;
    }

    @Override
    public void run(Simulation simulation) {
        long seed = simulation.seed();
        var random = new SplittableRandom(seed);
        Script[] scripts = Script.all();
        Script script = scripts[random.nextInt(scripts.length)];
        CrashPlan plan =
                random.nextBoolean()
                        ? CrashPlan.of(drawn(random))
                        : CrashPlan.of(drawn(random), drawn(random));
        var story = new CrashStory(script, seed, plan);
        String wrong = story.run();
        if (!wrong.isEmpty()) throw new AssertionError(story.name() + ": " + wrong);
    }

    private static CrashPoint drawn(SplittableRandom random) {
        Way[] ways = Way.values();
        return new CrashPoint(random.nextInt(CALLS), ways[random.nextInt(ways.length)]);
    }
}

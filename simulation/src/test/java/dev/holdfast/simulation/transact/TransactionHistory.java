package dev.holdfast.simulation.transact;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.Transaction.Limits;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.simulation.Setup;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.store.SimulatedStore;
import dev.holdfast.simulation.store.StoreFault;
import dev.holdfast.simulation.store.StoreFaults;
import dev.holdfast.simulation.swarm.stage.RunSettings;
import dev.holdfast.simulation.transact.TransactionClient.Habits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Transactions on lists and a bank while machines die, freeze, stop and take each other's place,
/// over a store that misbehaves as the swarm's does.
public final class TransactionHistory implements History {
    static final String PATH = "db";
    private static final Duration LIMIT = Duration.ofHours(3);
    private static final Duration REST = Duration.ofSeconds(1_000);
    private static final int SWITCHING_STEP = 3;
    private static final int ROUNDS_MAX = 5;

    // What comes of bytes that are wrong, or hidden, is the swarm's to judge.
    private static final List<StoreFault> LEFT_OUT =
            Stream.of(StoreFault.values())
                    .filter(fault ->
                            fault.isCorruption()
                                    || fault == StoreFault.INVISIBLE
                                    || fault == StoreFault.STALE_LIST
                                    || fault == StoreFault.NO_ATTRIBUTES)
                    .toList();

    private enum Blow {
        KILL,
        KILL_AT_ONCE,
        TAKE_OVER,
        FREEZE,
        FREEZE_AND_TAKE_OVER,
        STOP,
        OUTAGE
    }

    @Override
    public String name() {
        return "transactions";
    }

    // As the swarm's: in two of three runs threads switch where they wait.
    @Override
    public Setup setup(long seed) {
        Setup drawn = Setup.drawn(seed);
        return seed % SWITCHING_STEP == 1 ? drawn : new Setup(drawn.order(), 0);
    }

    @Override
    public void run(Simulation simulation) {
        Story story = tell(simulation);
        List<String> findings = story.findings();
        if (!findings.isEmpty())
            throw new AssertionError(
                    "transactions seed=%d level=%s%n%s"
                            .formatted(
                                    simulation.seed(),
                                    story.habits().level(),
                                    String.join(System.lineSeparator(), findings)));
    }

    /// Tells it, and returns what was noted.
    static Story tell(Simulation simulation) {
        var chance = new SplittableRandom(simulation.seed());
        IsolationLevel level =
                chance.nextInt(4) == 0 ? IsolationLevel.SNAPSHOT : IsolationLevel.SERIALIZABLE;
        return tell(simulation, level, chance);
    }

    /// Tells it with transactions of `level`.
    static Story tell(Simulation simulation, IsolationLevel level, SplittableRandom chance) {
        StoreFaults faults = StoreFaults.drawn(chance.split());
        for (StoreFault each : LEFT_OUT) faults = faults.without(each);
        var habits =
                new Habits(
                        level,
                        chance.nextInt(1, 5),
                        chance.nextInt(50, 200),
                        pick(chance, 0, 10, 50, 100));
        var story =
                new Story(
                        simulation,
                        new SimulatedStore(simulation, faults),
                        settings(chance),
                        habits);
        Env env = simulation.world();
        env.start("nemesis", () -> torment(story, chance.split(), env));
        try {
            simulation.run(LIMIT);
        } catch (AssertionError escaped) {
            story.never(String.valueOf(escaped.getMessage()));
        }
        story.judge();
        return story;
    }

    private static Settings settings(SplittableRandom chance) {
        Limits limits =
                new Limits(
                        Duration.ofMillis(pick(chance, 300, 5_000, 300_000)),
                        ByteSize.bytes(pick(chance, 200, 2_000, 4 << 20)),
                        ByteSize.bytes(pick(chance, 200, 2_000, 16 << 20)));
        return RunSettings.drawn(chance.split()).engine().but().transactions(limits).build();
    }

    private static void torment(Story story, SplittableRandom chance, Env env) {
        Thread.currentThread()
                .setUncaughtExceptionHandler((_, broken) -> story.never("nemesis: " + broken));
        try {
            List<Machine> machines = new ArrayList<>(List.of(boot(story)));
            for (int round = 1 + chance.nextInt(ROUNDS_MAX); 0 < round; round--) {
                env.sleep(Duration.ofMillis(1 + chance.nextInt(6_000)));
                strike(story, machines, oneOf(chance, Blow.values()), chance);
            }
            env.sleep(Duration.ofMillis(1 + chance.nextInt(6_000)));
            story.store().follow(StoreFaults.none());
            machines.forEach(Machine::resume);
            machines.forEach(Machine::retire);
            for (Machine each : machines) await(story, each, env);
            await(story, new Machine(story, Machine.Role.PROVE).booted(), env);
        } catch (InterruptedException interrupted) {
            story.never("the nemesis was interrupted: " + interrupted);
        }
    }

    private static Machine boot(Story story) {
        return new Machine(story, Machine.Role.SERVE).booted();
    }

    private static void await(Story story, Machine machine, Env env) throws InterruptedException {
        for (long i = 0; !machine.hasLeft() && i < REST.toSeconds(); i++)
            env.sleep(Duration.ofSeconds(1));
        if (!machine.hasLeft()) story.never("liveness: " + machine.name() + " is still there");
    }

    private static void strike(
            Story story, List<Machine> machines, Blow blow, SplittableRandom chance)
            throws InterruptedException {
        Env env = story.simulation().world();
        story.sometimes("nemesis: " + blow);
        Machine victim = machines.get(chance.nextInt(machines.size()));
        switch (blow) {
            case KILL -> victim.kill();
            case KILL_AT_ONCE -> {
                // Right after another has come: a commit is under way nearly always.
                env.sleep(Duration.ofMillis(1 + chance.nextInt(20)));
                victim.kill();
            }
            case TAKE_OVER -> {}
            case FREEZE, FREEZE_AND_TAKE_OVER -> {
                victim.pause();
                if (blow == Blow.FREEZE_AND_TAKE_OVER) machines.add(boot(story));
                env.sleep(Duration.ofMillis(1 + chance.nextInt(90_000)));
                victim.resume();
            }
            case STOP -> victim.stop(oneOf(chance, Mode.values()));
            case OUTAGE -> story.store().breakDown(Duration.ofMillis(1 + chance.nextInt(20_000)));
        }
        boolean isNewWanted =
                blow == Blow.TAKE_OVER || machines.stream().allMatch(Machine::hasLeft);
        if (isNewWanted) machines.add(boot(story));
    }

    private static int pick(SplittableRandom chance, int... choices) {
        return choices[chance.nextInt(choices.length)];
    }

    @SafeVarargs
    private static <T> T oneOf(SplittableRandom chance, T... choices) {
        return choices[chance.nextInt(choices.length)];
    }
}

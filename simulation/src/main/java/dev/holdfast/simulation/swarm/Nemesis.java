package dev.holdfast.simulation.swarm;

import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.simulation.store.StoreFaults;
import dev.holdfast.simulation.swarm.stage.Journal;
import dev.holdfast.simulation.swarm.stage.RunSettings;
import dev.holdfast.simulation.swarm.stage.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Whoever wishes the database ill: kills and freezes its machines, takes it over, stops it at bad
/// moments, and breaks its store; and in the end lets go, to see everything come to rest.
final class Nemesis {
    private static final int PAUSE_SECONDS_MAX = 120;
    private static final int OUTAGE_SECONDS_MAX = 30;
    private static final Duration REST_MAX = Duration.ofSeconds(300);
    private static final Duration LATE_MAX = Duration.ofSeconds(700);
    // A checkpoint, the grace after it, and the least age of what may be collected.
    private static final Duration REPLACED_STAYS = Duration.ofMinutes(18);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /// What it does, each as often as it is listed.
    private enum Blow {
        KILL,
        TAKE_OVER,
        FREEZE,
        FREEZE_AND_TAKE_OVER,
        STOP,
        STOP_AT_ONCE,
        STOP_AND_KILL,
        OUTAGE,
        REST
    }

    private final World world;
    private final Journal journal;
    private final Env env;
    private final SplittableRandom chance;
    private final List<Server> servers = new ArrayList<>();
    private final List<Upkeeper> upkeepers = new ArrayList<>();

    Nemesis(World world) {
        this.world = world;
        journal = world.journal();
        env = world.simulation().world();
        chance = world.chance();
    }

    void start() {
        env.start("nemesis", this::run);
    }

    private void run() {
        Thread.currentThread()
                .setUncaughtExceptionHandler((_, broken) -> journal.never("nemesis: " + broken));
        try {
            var outsider = new Outsider(world);
            outsider.boot();
            List<Follower> followers = followers();
            boot();
            bootUpkeep();
            for (int round = 0; round < world.settings().rounds(); round++) {
                sleepUpTo(RunSettings.pick(chance, 200, 2_000, 10_000));
                strike(RunSettings.oneOf(chance, Blow.values()));
                if (round < world.settings().upkeep().rests()) env.sleep(REPLACED_STAYS);
            }
            outsider.leave();
            followers.forEach(Follower::leave);
            upkeepers.forEach(Upkeeper::leave);
            letGo();
        } catch (InterruptedException interrupted) {
            journal.never("the nemesis was interrupted: " + interrupted);
        }
    }

    private void boot() {
        var server = new Server(world, Server.Role.SERVE);
        servers.add(server);
        server.boot();
    }

    private List<Follower> followers() {
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; i < world.settings().features().followers(); i++)
            followers.add(new Follower(world));
        followers.forEach(Follower::boot);
        return followers;
    }

    private void bootUpkeep() {
        RunSettings.Upkeep upkeep = world.settings().upkeep();
        for (int i = 0; i < upkeep.compactors(); i++)
            upkeepers.add(new Upkeeper(world, Upkeeper.Duty.COMPACT));
        for (int i = 0; i < upkeep.collectors(); i++)
            upkeepers.add(new Upkeeper(world, Upkeeper.Duty.COLLECT));
        for (int i = 0; i < upkeep.workers(); i++)
            upkeepers.add(new Upkeeper(world, Upkeeper.Duty.WORK));
        upkeepers.forEach(Upkeeper::boot);
    }

    private void sleepUpTo(int millis) throws InterruptedException {
        env.sleep(Duration.ofMillis(1 + chance.nextInt(millis)));
    }

    private void strike(Blow blow) throws InterruptedException {
        journal.note("* nemesis: " + blow);
        journal.sometimes("nemesis: " + blow);
        Server victim = victim();
        switch (blow) {
            case TAKE_OVER -> boot();
            case OUTAGE -> breakStore();
            case REST -> {}
            default -> {
                if (victim != null) strike(blow, victim);
                if (servers.stream().noneMatch(Server::isServing)) boot();
            }
        }
    }

    private void strike(Blow blow, Server victim) throws InterruptedException {
        switch (blow) {
            case KILL -> victim.kill();
            case STOP -> victim.stop(modeDrawn(), Duration.ofMillis(1 + chance.nextInt(20_000)));
            case STOP_AT_ONCE -> victim.stop(modeDrawn(), Duration.ZERO);
            case STOP_AND_KILL -> {
                victim.stop(modeDrawn(), Duration.ofSeconds(10));
                sleepUpTo(200);
                victim.kill();
            }
            case FREEZE -> {
                victim.pause();
                sleepUpTo(PAUSE_SECONDS_MAX * 1_000);
                victim.resume();
            }
            case FREEZE_AND_TAKE_OVER -> {
                victim.pause();
                boot();
                sleepUpTo(PAUSE_SECONDS_MAX * 1_000);
                victim.resume();
                journal.sometimes("zombie resumed");
            }
            default -> throw new AssertionError(blow);
        }
    }

    private Mode modeDrawn() {
        return RunSettings.oneOf(chance, Mode.values());
    }

    private void breakStore() throws InterruptedException {
        world.store().breakDown(Duration.ofMillis(1 + chance.nextInt(OUTAGE_SECONDS_MAX * 1_000)));
        sleepUpTo(2_000);
    }

    private @Nullable Server victim() {
        List<Server> candidates = servers.stream().filter(server -> !server.hasLeft()).toList();
        return candidates.isEmpty() ? null : candidates.get(chance.nextInt(candidates.size()));
    }

    // From here on nothing goes wrong any more, but for what is still under way.
    private void letGo() throws InterruptedException {
        journal.note("* the nemesis lets go");
        world.store().follow(StoreFaults.none());
        servers.forEach(Server::resume);
        servers.forEach(Server::retire);
        prove("without faults");
        for (Server server : servers)
            if (!hasLeftIn(server, REST_MAX))
                journal.never("liveness: " + server.name() + " did not come to rest");
        for (long i = 0; 0 < world.store().underWay() && i < LATE_MAX.toSeconds(); i++)
            env.sleep(LOOK);
        prove("after all that was late");
    }

    private void prove(String when) throws InterruptedException {
        var server = new Server(world, Server.Role.PROVE);
        server.boot();
        if (!hasLeftIn(server, REST_MAX)) journal.never("liveness: nothing works " + when);
        server.retire();
    }

    private boolean hasLeftIn(Server server, Duration time) throws InterruptedException {
        for (long i = 0; !server.hasLeft() && i < time.toSeconds(); i++) env.sleep(LOOK);
        return server.hasLeft();
    }
}

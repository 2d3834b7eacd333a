package dev.holdfast.simulation.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.tier.LocalHome;
import dev.holdfast.engine.tier.LocalPlace;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.disk.DiskFaults;
import dev.holdfast.simulation.disk.SimulatedDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The directory of a local log on a fresh machine, none of whose levels is there yet.
class LocalHomeTest {
    private static final UUID DATABASE = new UUID(1, 2);
    private static final Path WORK = Path.of("/work");
    private static final Path HOME = WORK.resolve("holdfast-local").resolve("database");
    private static final int SEEDS = 20;
    private static final int CALLS_MAX = 40; // more than one opening makes

    private final List<String> wrong = new ArrayList<>();

    @Test
    void shouldOutlastAPowerCutOnceItIsHeld() {
        for (int seed = 0; seed < SEEDS; seed++) run(seed, Long.MAX_VALUE);
        assertEquals(List.of(), wrong);
    }

    @Test
    void shouldOutlastAPowerCutThoughItsMakerDiedAtAnyCall() {
        for (int deathAt = 0; deathAt < CALLS_MAX; deathAt++)
            for (int seed = 0; seed < SEEDS; seed++) run(seed, deathAt);
        assertEquals(List.of(), wrong);
    }

    private void run(long seed, long deathAt) {
        var simulation = new Simulation(seed);
        var disk = new SimulatedDisk(simulation, DiskFaults.none());
        simulation.world().start("director", () -> direct(simulation, disk, deathAt));
        var before = wrong.size();
        simulation.run(Duration.ofMinutes(10));
        if (before < wrong.size()) wrong.add("seed " + seed + ", death at call " + deathAt);
    }

    private void direct(Simulation simulation, SimulatedDisk disk, long deathAt) {
        try {
            Env world = simulation.world();
            Node machine = simulation.node("machine");
            live(world, machine, disk.connect(machine), LocalHomeTest::makeWork);
            Node first = simulation.node("first");
            live(world, first, disk.connect(first, deathAt), LocalHomeTest::hold);
            Node second = simulation.node("second");
            live(world, second, disk.connect(second), LocalHomeTest::hold);
            disk.cutPower();
            Node last = simulation.node("last");
            if (disk.connect(last).look(HOME.resolve("identity")) == null) wrong.add("it is gone");
        } catch (DiskException | InterruptedException failed) {
            wrong.add(failed.toString());
        }
    }

    /// What one process does.
    private interface Life {
        void live(Node node, Disk disk) throws DiskException;
    }

    private void live(Env world, Node node, Disk link, Life life) throws InterruptedException {
        node.env()
                .start(
                        "life",
                        () -> {
                            try {
                                life.live(node, link);
                            } catch (DiskException failed) {
                                wrong.add(failed.toString());
                            }
                        });
        world.sleep(Duration.ofSeconds(10));
        node.kill();
    }

    private static void makeWork(Node node, Disk disk) throws DiskException {
        disk.createDirectory(WORK);
        disk.forceDirectory(WORK.getParent());
    }

    private static void hold(Node node, Disk disk) {
        var place = new LocalPlace(LocalSettings.in(HOME), disk);
        LocalHome home = LocalHome.open(place, DATABASE, node.env());
        home.won(1, (manifest, putId) -> 0);
    }
}

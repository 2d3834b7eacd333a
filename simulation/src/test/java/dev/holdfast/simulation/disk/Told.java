package dev.holdfast.simulation.disk;

import dev.holdfast.base.file.Disk;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Stories on one simulated disk, each by a process of its own, with power cuts in between.
final class Told {
    static final Path ROOT = Path.of("/data");

    final Simulation simulation;
    final SimulatedDisk disk;

    Told(long seed, DiskFaults faults) {
        simulation = new Simulation(seed);
        disk = new SimulatedDisk(simulation, faults);
    }

    /// Tells it to its end, or to where its process dies. What a test found wrong is thrown.
    void tell(DiskContract.Story story) {
        tell(story, Long.MAX_VALUE);
    }

    /// The same with a process that dies at its nth call to the disk. False if it did.
    boolean tell(DiskContract.Story story, long deathAt) {
        Node node = simulation.node("process");
        Disk link = disk.connect(node, deathAt);
        List<Throwable> failures = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        node.env()
                .start(
                        "story",
                        () -> {
                            try {
                                story.on(link, ROOT);
                            } catch (Exception | AssertionError failure) {
                                failures.add(failure);
                            }
                            ends.add("told");
                        });
        simulation.run(Duration.ofHours(1));
        for (Throwable failure : failures)
            throw new AssertionError("seed=" + simulation.seed(), failure);
        return !ends.isEmpty();
    }

    /// Cuts the power, from the world outside.
    void cutPower() {
        simulation.world().start("cut", disk::cutPower);
        simulation.run(Duration.ofHours(1));
    }
}

package dev.holdfast.simulation.disk;

import dev.holdfast.base.file.Disk;
import dev.holdfast.simulation.Node;
import dev.holdfast.simulation.Simulation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;

class SimulatedDiskContractTest extends DiskContract {
    private static final Path DIRECTORY = Path.of("/data");

    @Override
    void tell(Story story) {
        var simulation = new Simulation(1);
        Node node = simulation.node("only");
        Disk disk = new SimulatedDisk(simulation, DiskFaults.none()).connect(node);
        List<Object> ends = new ArrayList<>();
        node.env().start("story", () -> ends.add(endOf(story, disk)));
        simulation.run(Duration.ofMinutes(10));
        Assertions.assertEquals(List.of("well"), ends);
    }

    private static Object endOf(Story story, Disk disk) {
        try {
            disk.createDirectory(DIRECTORY);
            story.on(disk, DIRECTORY);
            return "well";
        } catch (Exception | AssertionError failure) {
            return failure;
        }
    }
}

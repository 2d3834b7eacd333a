package dev.holdfast.simulation.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.simulation.Simulation;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What becomes of a table that lies on the disk of a dead machine: its file is changed or lost, or
/// a wrong object stands in the store where it is to go.
record TableDamage(Simulation simulation, Disk disk, ObjectStore atRest, Path directory) {
    private static final String SUFFIX = ".sst";

    /// Does it to one of the tables, if there is any.
    void strike() throws DiskException {
        var tables = new ArrayList<String>();
        disk.list(
                directory,
                name -> {
                    if (name.endsWith(SUFFIX)) tables.add(name);
                });
        if (tables.isEmpty()) return;
        String name = List.copyOf(tables).stream().sorted().toList().get(drawn(tables.size()));
        switch (drawn(3)) {
            case 0 -> flip(directory.resolve(name));
            case 1 -> {
                disk.delete(directory.resolve(name));
                disk.forceDirectory(directory);
                simulation.reached("table lost");
            }
            default -> standInTheWay("db/compacted/" + name.substring("table-".length()));
        }
    }

    private int drawn(int bound) {
        return simulation.chance(bound);
    }

    private void flip(Path path) throws DiskException {
        try (DiskFile file = disk.open(path, OpenMode.WRITE)) {
            long at = drawn((int) file.size());
            var one = ByteBuffer.allocate(1);
            file.read(one, at);
            file.write(List.of(Bytes.wrap(new byte[] {(byte) (one.get(0) ^ 0x10)})), at);
            file.force(Force.METADATA);
        }
        simulation.reached("table damaged");
    }

    // One that is there already may be named by a manifest.
    private void standInTheWay(String name) {
        if (atRest.head(name) != null) return;
        atRest.put(name, List.of(Bytes.utf8("not a table")));
        simulation.reached("object damaged");
    }
}

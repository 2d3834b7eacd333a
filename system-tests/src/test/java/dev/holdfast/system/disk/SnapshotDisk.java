package dev.holdfast.system.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// An ext4 disk whose image is cloned in an instant. All that the device was given is in the clone,
/// in whatever order; what the file system still keeps in memory is not.
final class SnapshotDisk implements CutDisk {
    private final LoopDisk disk;

    private SnapshotDisk(LoopDisk disk) {
        this.disk = disk;
    }

    /// The disk around those that are cut: it knows how to clone a file.
    static LoopDisk assumeAround(Path folder, int mebibytes) throws IOException {
        return LoopDisk.assume(folder, "around", mebibytes, "mkfs.xfs", "-q", "-m", "reflink=1");
    }

    static SnapshotDisk assume(LoopDisk around, String name, int mebibytes) throws IOException {
        String[] maker = {"mkfs.ext4", "-q", "-F"};
        return new SnapshotDisk(LoopDisk.assumeDirect(around.root(), name, mebibytes, maker));
    }

    @Override
    public Path root() {
        return disk.root();
    }

    @Override
    public void cutTo(Path image) {
        var command = List.of("cp", "--reflink=always", "" + disk.image(), "" + image);
        var copied = Tools.run(image.getParent(), command);
        assertEquals(0, copied.code(), copied.err());
    }

    @Override
    public void close() {
        disk.close();
    }
}

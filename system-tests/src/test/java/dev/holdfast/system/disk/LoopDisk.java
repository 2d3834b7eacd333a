package dev.holdfast.system.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.system.process.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A file system of its own on a loop device, whose image is a file.
///
/// Close it: it stays mounted until the process ends.
final class LoopDisk implements AutoCloseable {
    private static final Set<LoopDisk> MOUNTED = ConcurrentHashMap.newKeySet();

    static {
        var last = Thread.ofPlatform().unstarted(() -> MOUNTED.forEach(LoopDisk::close));
        Runtime.getRuntime().addShutdownHook(last);
    }

    private final Path image;
    private final Path mount;

    private LoopDisk(Path image, Path mount) {
        this.image = image;
        this.mount = mount;
    }

    /// An empty disk of `mebibytes`, called `name`, in `folder`, with `maker` (`mkfs.ext4` or
    /// `mkfs.xfs`) and its options. Skips the running test, aloud, where that is not possible.
    static LoopDisk assume(Path folder, String name, int mebibytes, String... maker)
            throws IOException {
        Tools.assumeRoot();
        Tools.assume("mount");
        Tools.assume(maker[0]);
        Path image = folder.resolve(name + ".img");
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        make(image, List.of(maker));
        return mounted(image, Files.createDirectories(folder.resolve(name)));
    }

    /// The same, whose image holds at every instant what the disk was given, and nothing that the
    /// file system above still keeps in memory. Its folder must be able to do that (XFS is).
    static LoopDisk assumeDirect(Path folder, String name, int mebibytes, String... maker)
            throws IOException {
        Tools.assume("losetup");
        Path image = folder.resolve(name + ".img");
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        make(image, List.of(maker));
        var disk = new LoopDisk(image, Files.createDirectories(folder.resolve(name)));
        var attached = disk.tried("losetup", "-f", "--show", "--direct-io=on", "" + image);
        assumeTrue(attached.code() == 0, "no direct loop devices here: " + attached.err().strip());
        String device = attached.out().strip();
        MOUNTED.add(disk);
        var mounted = disk.tried("mount", device, disk.mount.toString());
        if (mounted.code() != 0) MOUNTED.remove(disk);
        disk.run("losetup", "-d", device); // it goes with the mount
        assumeTrue(mounted.code() == 0, "cannot mount: " + mounted.err().strip());
        return disk;
    }

    private static void make(Path image, List<String> maker) {
        var command = new ArrayList<>(maker);
        command.add(image.toString());
        var made = Tools.run(image.toAbsolutePath().getParent(), command);
        assertEquals(0, made.code(), made.err());
    }

    /// The disk whose image is `image`, mounted elsewhere.
    static LoopDisk of(Path image, Path mount) throws IOException {
        return mounted(image, Files.createDirectories(mount));
    }

    private static LoopDisk mounted(Path image, Path mount) {
        var disk = new LoopDisk(image, mount);
        MOUNTED.add(disk);
        var tried = disk.tried("mount", "-o", "loop", image.toString(), mount.toString());
        if (tried.code() != 0) MOUNTED.remove(disk);
        assumeTrue(tried.code() == 0, "no loop devices here: " + tried.err().strip());
        return disk;
    }

    /// Where its files are.
    Path root() {
        return mount;
    }

    /// The file that holds its content.
    Path image() {
        return image;
    }

    /// Takes it away in order, and brings it back with nothing of it in memory.
    void mountAgain() {
        run("umount", mount.toString());
        run("mount", "-o", "loop", image.toString(), mount.toString());
    }

    /// Nothing can be written to it any more.
    void makeReadOnly() {
        run("mount", "-o", "remount,ro", mount.toString());
    }

    /// From `mebibytes` on it can be read no more: I/O error.
    void breakFrom(int mebibytes) throws IOException {
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
    }

    private void run(String... command) {
        var ended = tried(command);
        assertEquals(0, ended.code(), () -> String.join(" ", command) + ": " + ended.err());
    }

    private Tools.Ended tried(String... command) {
        return Tools.run(image.getParent(), List.of(command));
    }

    @Override
    public void close() {
        var command = List.of("umount", "-l", mount.toString());
        if (MOUNTED.remove(this)) Tools.run(Path.of("/"), command);
    }
}

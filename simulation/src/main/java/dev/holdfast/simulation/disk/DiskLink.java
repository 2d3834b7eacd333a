package dev.holdfast.simulation.disk;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskEntry;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskException.Absent;
import dev.holdfast.base.file.DiskException.Exists;
import dev.holdfast.base.file.DiskException.Failed;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.LockAttempt;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.simulation.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The disk as one process sees it.
final class DiskLink implements Disk {
    private final SimulatedDisk disk;
    private final Node node;
    private final long deathAt;
    private long calls;

    DiskLink(SimulatedDisk disk, Node node, long deathAt) {
        this.disk = disk;
        this.node = node;
        this.deathAt = deathAt;
    }

    /// The process reaches for the disk, and may die of it.
    void call(String what, Object place) {
        if (calls++ == deathAt) node.kill(); // it never comes back from the way there
        disk.travel(what + " " + place);
    }

    private Names names() {
        return disk.names();
    }

    @Override
    public DiskFile open(Path file, OpenMode mode) throws DiskException {
        call("open " + mode, file);
        disk.checkAllowed();
        Inode found = names().find(file);
        if (found == null) return created(file, mode);
        if (mode == OpenMode.CREATE_FRESH) throw new Exists("File exists", null);
        if (found instanceof Content content) return opened(file, content, mode);
        throw new Failed("Is a directory", null);
    }

    private DiskFile created(Path file, OpenMode mode) throws DiskException {
        if (mode == OpenMode.READ || mode == OpenMode.WRITE)
            throw new Absent("No such file or directory", null);
        Content content = disk.freshContent();
        content.truncate(0, disk.nowMillis());
        names().set(file, content);
        return opened(file, content, mode);
    }

    private DiskFile opened(Path file, Content content, OpenMode mode) {
        return new LinkFile(disk, this, file, content, mode);
    }

    @Override
    public @Nullable DiskEntry look(Path path) throws DiskException {
        call("look", path);
        if (disk.strikes(DiskFault.READ_FAILS)) throw SimulatedDisk.broken();
        return switch (names().find(path)) {
            case null -> null;
            case Folder _ -> new DiskEntry(DiskEntry.Kind.DIRECTORY, 0, 0);
            case Content content ->
                    new DiskEntry(DiskEntry.Kind.FILE, content.size(), content.modifiedMillis());
        };
    }

    @Override
    public void list(Path directory, Consumer<String> visitor) throws DiskException {
        call("list", directory);
        if (disk.strikes(DiskFault.READ_FAILS)) throw SimulatedDisk.broken();
        List<String> found = new ArrayList<>(folderAt(directory).seen().keySet());
        Collections.shuffle(found, disk.luck().source());
        found.forEach(visitor);
    }

    private Folder folderAt(Path directory) throws Absent {
        if (names().find(directory) instanceof Folder folder) return folder;
        throw new Absent("Not a directory", null);
    }

    private Content contentAt(Path file) throws DiskException {
        return switch (names().find(file)) {
            case null -> throw new Absent("No such file or directory", null);
            case Folder _ -> throw new Failed("Is a directory", null);
            case Content content -> content;
        };
    }

    @Override
    public void rename(Path source, Path target) throws DiskException {
        call("rename " + source, target);
        change(() -> {
            Content content = contentAt(source);
            Inode there = names().find(target);
            if (there instanceof Folder) throw new Failed("Is a directory", null);
            if (there != content) names().rename(source, target, content);
        });
    }

    @Override
    public void link(Path file, Path name) throws DiskException {
        call("link " + file, name);
        change(() -> {
            Content content = contentAt(file);
            if (names().find(name) != null) throw new Exists("File exists", null);
            names().set(name, content);
        });
    }

    @Override
    public boolean delete(Path path) throws DiskException {
        call("delete", path);
        if (names().find(path) == null) return false;
        change(() -> {
            boolean isFull =
                    names().find(path) instanceof Folder folder && !folder.seen().isEmpty();
            if (isFull) throw new Failed("Directory not empty", null);
            names().remove(path);
        });
        return true;
    }

    @Override
    public void createDirectory(Path directory) throws DiskException {
        call("mkdir", directory);
        change(() -> {
            if (names().find(directory) != null) throw new Exists("File exists", null);
            names().set(directory, new Folder());
        });
    }

    private void change(Change change) throws DiskException {
        disk.checkAllowed();
        boolean fails = disk.strikes(DiskFault.NAME_FAILS);
        if (!fails || disk.luck().coin()) change.make();
        if (fails) throw SimulatedDisk.broken();
        call("changed", node.name());
    }

    @Override
    public void forceDirectory(Path directory) throws DiskException {
        call("force directory", directory);
        Folder folder = folderAt(directory);
        disk.travelToPlatter();
        if (disk.strikes(DiskFault.NAMES_FORCE_FAILS)) {
            names().failForce(folder, disk.luck());
            throw SimulatedDisk.broken();
        }
        names().force(folder);
        call("forced", directory);
    }

    @Override
    public Path real(Path path) throws DiskException {
        call("real", path);
        if (names().find(path) == null) throw new Absent("No such file or directory", null);
        return Names.absolute(path);
    }

    @Override
    public boolean writeAttribute(Path file, String name, String value) throws DiskException {
        call("write attribute", file);
        disk.checkAllowed();
        contentAt(file).attributes().put(name, value);
        return true;
    }

    @Override
    public @Nullable String readAttribute(Path file, String name, int lengthMax)
            throws DiskException {
        call("read attribute", file);
        if (disk.strikes(DiskFault.READ_FAILS)) throw SimulatedDisk.broken();
        String value = contentAt(file).attributes().get(name);
        return value == null || lengthMax < value.length() ? null : value;
    }

    @Override
    public LockAttempt tryLock(Path file, String holder) throws DiskException {
        call("lock", file);
        disk.checkAllowed();
        Path place = Names.absolute(file);
        LinkLock earlier = disk.locks().get(place);
        if (earlier != null && !earlier.node().isDead())
            return new LockAttempt.Held(
                    earlier.holder() + (earlier.node() == node ? " (this process)" : ""));
        var lock = new LinkLock(node, place, holder, disk.locks());
        write(place, holder);
        disk.locks().put(place, lock);
        return new LockAttempt.Taken(lock);
    }

    private void write(Path file, String holder) throws DiskException {
        if (names().find(file) == null) names().set(file, disk.freshContent());
        Content content = contentAt(file);
        content.truncate(0, disk.nowMillis());
        Bytes line = Bytes.utf8(holder + "\n");
        content.write(line.toArray(), line.length(), 0, disk.nowMillis());
    }

    @Override
    public long usableBytes(Path path) throws DiskException {
        call("usable", path);
        if (names().find(path) == null) throw new Absent("No such file or directory", null);
        return disk.freeBytes();
    }

    /// What a call does to the tree.
    private interface Change {
        void make() throws DiskException;
    }
}

package dev.holdfast.base.file;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The tree of directories and files of one machine.
///
/// What a call did is seen by every later call at once, and is durable only once it was forced:
/// bytes and attributes by [DiskFile#force], names by [#forceDirectory] of the directory that they
/// stand in. Until then each of them may be lost or kept by itself, in any order. A failed force
/// may be reported once and then forgotten by the machine: what it covered is in doubt for ever,
/// and a later success proves nothing.
///
/// An interrupt neither ends a call nor closes a file, and stays pending. Names are never followed
/// through a symbolic link in their last part, except by [#real]. Implementations are thread-safe.
public interface Disk {
    /// Opens a file. [DiskException.Absent] if it has to be there and is not,
    /// [DiskException.Exists] if it must not be there and is. What opening a directory does is left
    /// open, but reading or writing through it fails.
    DiskFile open(Path file, OpenMode mode) throws DiskException;

    /// What stands at `path`, or null if nothing does.
    @Nullable DiskEntry look(Path path) throws DiskException;

    /// Hands each name in the directory to `visitor`, in no order, without keeping them. Names that
    /// come or go meanwhile may be missed or shown. [DiskException.Absent] if it is no directory.
    void list(Path directory, Consumer<String> visitor) throws DiskException;

    /// Gives the file `source` the name `target`, in place of what had it, in one step.
    void rename(Path source, Path target) throws DiskException;

    /// Gives `file` a second name. [DiskException.Exists] if the name is taken: of any number of
    /// racers, in any number of processes, exactly one gets it.
    void link(Path file, Path name) throws DiskException;

    /// Takes a file's name, or an empty directory, away. False if nothing stood there.
    boolean delete(Path path) throws DiskException;

    /// Makes one directory, for its owner alone. [DiskException.Exists] if anything stands there.
    void createDirectory(Path directory) throws DiskException;

    /// Makes the names in `directory` durable: what was created, renamed, linked and deleted in it.
    void forceDirectory(Path directory) throws DiskException;

    /// The same place without symbolic links on the way. [DiskException.Absent] if nothing stands
    /// there.
    Path real(Path path) throws DiskException;

    /// Keeps `value`, which is ASCII, with the file under `name`; durable with the file's metadata.
    /// False if the file system keeps no attributes.
    boolean writeAttribute(Path file, String name, String value) throws DiskException;

    /// What is kept with the file under `name`; null if nothing is, or nothing of at most
    /// `lengthMax` characters of ASCII.
    @Nullable String readAttribute(Path file, String name, int lengthMax) throws DiskException;

    /// Tries to become the one process of this machine that holds `file`, which is made if need be,
    /// without waiting. The text `holder` is left in it for others to read.
    LockAttempt tryLock(Path file, String holder) throws DiskException;

    /// How many more bytes fit on the file system that holds `path`.
    long usableBytes(Path path) throws DiskException;

    /// The disks of this machine.
    static Disk system() {
        return SystemDisk.INSTANCE;
    }
}

package dev.holdfast.engine.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.format.local.LocalIdentity;
import dev.holdfast.format.local.TailNote;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.wire.FormatException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One folder of `diverged/`: the segments of one epoch, and the note of what they are.
///
/// The note is durable before the first segment comes in. So a folder that has segments but no note
/// is one of which nobody knows where its log began.
///
/// Not thread-safe.
final class AsideFolder {
    private static final String NOTE = "note";
    private static final int READS_MAX = 4;

    private final Disk disk;
    private final SegmentNames names;

    AsideFolder(Disk disk, Path path) {
        this.disk = disk;
        names = new SegmentNames(path);
    }

    Path path() {
        return names.directory();
    }

    boolean isThere() throws DiskException {
        return disk.look(path()) != null;
    }

    /// The numbers of the segments in it.
    TreeSet<Long> segments() throws DiskException {
        var numbers = new TreeSet<Long>();
        disk.list(
                path(),
                name -> {
                    long number = SegmentNames.numberOfSegment(name);
                    if (0 <= number) numbers.add(number);
                });
        return numbers;
    }

    /// Its note; null if it has none that is whole.
    @Nullable TailNote note() throws DiskException {
        Path file = names.at(NOTE);
        if (disk.look(file) == null) return null;
        for (int attempt = 0; attempt < READS_MAX; attempt++) {
            try (DiskFile open = disk.open(file, OpenMode.READ)) {
                ByteBuffer content = ByteBuffer.allocate(TailNote.BYTES + 1);
                int length = open.read(content, 0);
                return TailNote.decode(Bytes.wrap(content.array(), 0, length));
            } catch (FormatException _) {
                continue; // a disk may give a wrong sector once
            }
        }
        return null;
    }

    /// Puts the note down, before the first segment comes in.
    void put(TailNote note) throws DiskException {
        try (DiskFile file = disk.open(names.at(NOTE), OpenMode.CREATE)) {
            file.truncate(0);
            file.write(List.of(note.encode()), 0);
            file.force(Force.METADATA);
        }
        disk.forceDirectory(path());
    }

    /// Its log, as that of `identity`, which `seal` opens.
    LogScan scan(LocalIdentity identity, SectionSeal seal) throws DiskException {
        return LogScan.of(disk, names, identity, seal);
    }
}

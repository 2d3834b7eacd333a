package dev.holdfast.engine.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.ForwardingDisk;
import dev.holdfast.base.file.ForwardingFile;
import dev.holdfast.base.file.OpenMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The real disk, but for forces that fail as often as it is told: what such a force covered is
/// gone, and the next force of the same file succeeds and does nothing.
final class ForgetfulDisk extends ForwardingDisk {
    private int failures;

    ForgetfulDisk() {
        super(Disk.system());
    }

    /// The next `count` forces of content fail.
    void failForces(int count) {
        failures = count;
    }

    private boolean fails() {
        return 0 < failures && 0 <= --failures;
    }

    @Override
    public DiskFile open(Path file, OpenMode mode) throws DiskException {
        return new File(inner.open(file, mode));
    }

    private record Span(long position, int length) {}

    private final class File extends ForwardingFile {
        private final List<Span> unforced = new ArrayList<>();

        File(DiskFile file) {
            super(file);
        }

        @Override
        public void write(List<Bytes> parts, long position) throws DiskException {
            int length = parts.stream().mapToInt(Bytes::length).sum();
            unforced.add(new Span(position, length));
            inner.write(parts, position);
        }

        @Override
        public void force(Force what) throws DiskException {
            if (what == Force.CONTENT && fails()) {
                for (Span span : unforced)
                    inner.write(List.of(Bytes.wrap(new byte[span.length])), span.position);
                unforced.clear();
                throw new DiskException.Failed("Input/output error", null);
            }
            unforced.clear();
            inner.force(what);
        }
    }
}

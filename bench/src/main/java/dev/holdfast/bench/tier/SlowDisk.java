package dev.holdfast.bench.tier;

import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.ForwardingDisk;
import dev.holdfast.base.file.ForwardingFile;
import dev.holdfast.base.file.OpenMode;
import java.nio.file.Path;
import java.time.Duration;

/// A disk on which every force of a file takes a fixed time longer, so that figures do not depend
/// on how fast the machine's own happens to be. Thread-safe.
final class SlowDisk extends ForwardingDisk {
    private final Duration delay;
    private final Env env;

    SlowDisk(Disk inner, Duration delay, Env env) {
        super(inner);
        this.delay = delay;
        this.env = env;
    }

    @Override
    public DiskFile open(Path file, OpenMode mode) throws DiskException {
        return new SlowFile(inner.open(file, mode));
    }

    private final class SlowFile extends ForwardingFile {
        private SlowFile(DiskFile file) {
            super(file);
        }

        @Override
        public void force(Force what) throws DiskException {
            inner.force(what);
            try {
                env.sleep(delay);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

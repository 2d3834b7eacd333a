package dev.holdfast.simulation.disk;

import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.Force;
import dev.holdfast.base.file.ForwardingDisk;
import dev.holdfast.base.file.ForwardingFile;
import dev.holdfast.base.file.OpenMode;
import java.nio.file.Path;

/// A disk used wrongly: what a store does that has a known bug, seen from below.
final class PlantedDisk extends ForwardingDisk {
    private final Bug bug;

    /// The bugs.
    enum Bug {
        NONE,
        /// The bytes are not forced before the file gets its name.
        NO_FILE_FORCE,
        /// The name is not forced before it is acknowledged.
        NO_DIRECTORY_FORCE,
        /// A force that failed is taken for one that did not.
        FAILURE_IGNORED,
        /// A force that failed is repeated, and the repeat is believed.
        RETRY_AND_CLAIM
    }

    PlantedDisk(Disk inner, Bug bug) {
        super(inner);
        this.bug = bug;
    }

    private void force(Forcing forcing) throws DiskException {
        try {
            forcing.force();
        } catch (DiskException.Failed failure) {
            switch (bug) {
                case FAILURE_IGNORED -> {}
                case RETRY_AND_CLAIM -> forcing.force();
                default -> throw failure;
            }
        }
    }

    @Override
    public DiskFile open(Path path, OpenMode mode) throws DiskException {
        return new PlantedFile(inner.open(path, mode));
    }

    @Override
    public void forceDirectory(Path directory) throws DiskException {
        if (bug != Bug.NO_DIRECTORY_FORCE) force(() -> inner.forceDirectory(directory));
    }

    /// One force.
    private interface Forcing {
        void force() throws DiskException;
    }

    /// A file of it.
    private final class PlantedFile extends ForwardingFile {
        PlantedFile(DiskFile file) {
            super(file);
        }

        @Override
        public void force(Force what) throws DiskException {
            if (bug != Bug.NO_FILE_FORCE) PlantedDisk.this.force(() -> inner.force(what));
        }
    }
}

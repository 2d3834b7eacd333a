package dev.holdfast.simulation.disk;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.base.file.Disk;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemDiskContractTest extends DiskContract {
    @TempDir private Path directory;

    @Override
    void tell(Story story) throws Exception {
        story.on(Disk.system(), directory);
    }

    @Test
    @Override
    void shouldKeepAttributesOfAtMostTheLengthAskedFor() throws Exception {
        assumeTrue(keepsAttributes(), "SKIPPED: the file system keeps no attributes");
        super.shouldKeepAttributesOfAtMostTheLengthAskedFor();
    }

    private boolean keepsAttributes() throws Exception {
        Path probe = directory.resolve("probe");
        write(Disk.system(), probe, "");
        try {
            return Disk.system().writeAttribute(probe, "holdfast.test", "x");
        } finally {
            Disk.system().delete(probe);
        }
    }
}

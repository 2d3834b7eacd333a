package dev.holdfast.engine.compact;

import dev.holdfast.engine.manifest.ManifestVersion;
import dev.holdfast.engine.table.SstReader;
import dev.holdfast.format.manifest.SstView;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// The tables of the database that is compacted, as this process reads them. Thread-safe.
public interface ShownTables {
    /// How many bytes of memory the blocks of `tables` take.
    long bytesInMemory(Set<SstView> tables);

    /// The table of `view`, which may come to be shown. Does no I/O.
    SstReader open(SstView view);

    /// Shows the tables of `version`, which was just published. Those in `ready` were opened here.
    void show(ManifestVersion version, List<SstReader> ready);

    /// For a process that reads none: `published` is told of manifests.
    static ShownTables none(Consumer<ManifestVersion> published) {
        return new ShownTables() {
            @Override
            public long bytesInMemory(Set<SstView> tables) {
                return 0;
            }

            @Override
            public SstReader open(SstView view) {
                throw new IllegalStateException("no tables are shown here");
            }

            @Override
            public void show(ManifestVersion version, List<SstReader> ready) {
                published.accept(version);
            }
        };
    }
}

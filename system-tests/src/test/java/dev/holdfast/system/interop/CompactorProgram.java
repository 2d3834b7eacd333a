package dev.holdfast.system.interop;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.objectstore.ObjectStores;
import java.nio.file.Path;
import java.time.Duration;

/// A process that compacts a whole database into very small tables.
final class CompactorProgram {
    private CompactorProgram() {}

    /// `directory`
    public static void main(String[] arguments) throws InterruptedException {
        String url = Databases.url(Path.of(arguments[0]));
        var store = ObjectStores.open(url, Env.system());
        try (var compactor = Engine.compactor(store, "", settings())) {
            compactor.start();
            compactor.awaitIdle(Duration.ofMinutes(2));
        }
    }

    static Settings settings() {
        CompactionSettings everything =
                CompactionSettings.defaults()
                        .withStyle(Style.EVERYTHING)
                        .withTableSize(ByteSize.kibibytes(4))
                        .withJobs(1, 1);
        return Settings.defaults().but().compaction(everything).build();
    }
}

package dev.holdfast.system.interop;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import java.nio.file.Path;
import java.time.Duration;

/// A process that writes numbered batches until it is killed, with tables flushed and compacted all
/// the time. It says the number of each batch that it knows to be durable.
final class WriterProgram {
    private WriterProgram() {}

    /// `directory seed`
    public static void main(String[] arguments) {
        var batches = new NumberedBatches(Long.parseLong(arguments[1]));
        try (HoldfastDb db = Databases.open(Path.of(arguments[0]), settings())) {
            long number = NumberedBatches.countIn(Databases.rows(db));
            while (true) {
                number++;
                boolean isAwaited = number % 20 == 0;
                db.write(batches.batch(number), isAwaited ? Durability.REMOTE : Durability.MEMORY);
                if (isAwaited) System.out.println("durable " + number);
            }
        }
    }

    static Settings settings() {
        return Settings.defaults()
                .but()
                .flushInterval(Duration.ofMillis(10))
                .l0SstSize(ByteSize.kibibytes(64))
                .compaction(CompactionSettings.defaults().withTableSize(ByteSize.kibibytes(32)))
                .build();
    }
}

package dev.holdfast.engine;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.api.Compression;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.SettingsBuilder;
import java.time.Duration;
import java.util.Random;

/// Settings drawn at random, most of them far too small, so that everything happens often.
final class RandomSettings {
    private RandomSettings() {}

    static SettingsBuilder tiny(Random random) {
        long l0 = 1L << random.nextInt(7, 13);
        Compression[] codecs = Compression.values();
        return Settings.defaults()
                .but()
                .untended()
                .flushInterval(Duration.ofMillis(1 + random.nextInt(20)))
                .walSizeMax(ByteSize.bytes(1L << random.nextInt(12)))
                .l0SstSize(ByteSize.bytes(l0))
                .unflushedMax(ByteSize.bytes(l0 << random.nextInt(5)))
                .blockSize(ByteSize.bytes(64L << random.nextInt(4)))
                .blockCacheSize(ByteSize.kibibytes(64))
                .compression(codecs[random.nextInt(codecs.length)])
                .filterKeysMin(random.nextInt(20))
                .manifestPollInterval(Duration.ofHours(1))
                .closeTimeout(Duration.ofSeconds(20));
    }
}

package dev.holdfast.engine.api;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.api.upkeep.KeyRing;
import java.time.Duration;

/// Settings in the making: each method sets what [Settings] names alike. Not thread-safe.
///
/// ```java
/// SettingsBuilder builder = Settings.defaults().but().l0SstSize(ByteSize.mebibytes(16));
/// Settings settings = builder.writeTimeout(Duration.ofSeconds(5)).build();
/// ```
public final class SettingsBuilder {
    private Duration flushInterval;
    private Duration walPutIntervalMin;
    private ByteSize walSizeMax;
    private ByteSize l0SstSize;
    private ByteSize unflushedMax;
    private ByteSize blockCacheSize;
    private ByteSize blockSize;
    private Compression compression;
    private int filterBitsPerKey;
    private int filterKeysMin;
    private Duration manifestPollInterval;
    private Duration writeTimeout;
    private Duration closeTimeout;
    private CompactionSettings compaction;
    private int l0TablesMax;
    private Duration collectionInterval;
    private Duration collectionMinAge;
    private Transaction.Limits transactions;
    private Settings.Rows rows;
    private KeyRing keys;

    SettingsBuilder(Settings settings) {
        flushInterval = settings.flushInterval();
        walPutIntervalMin = settings.walPutIntervalMin();
        walSizeMax = settings.walSizeMax();
        l0SstSize = settings.l0SstSize();
        unflushedMax = settings.unflushedMax();
        blockCacheSize = settings.blockCacheSize();
        blockSize = settings.blockSize();
        compression = settings.compression();
        filterBitsPerKey = settings.filterBitsPerKey();
        filterKeysMin = settings.filterKeysMin();
        manifestPollInterval = settings.manifestPollInterval();
        writeTimeout = settings.writeTimeout();
        closeTimeout = settings.closeTimeout();
        compaction = settings.compaction();
        l0TablesMax = settings.l0TablesMax();
        collectionInterval = settings.collectionInterval();
        collectionMinAge = settings.collectionMinAge();
        transactions = settings.transactions();
        rows = settings.rows();
        keys = settings.keys();
    }

    public SettingsBuilder flushInterval(Duration flushInterval) {
        this.flushInterval = flushInterval;
        return this;
    }

    public SettingsBuilder walPutIntervalMin(Duration walPutIntervalMin) {
        this.walPutIntervalMin = walPutIntervalMin;
        return this;
    }

    public SettingsBuilder walSizeMax(ByteSize walSizeMax) {
        this.walSizeMax = walSizeMax;
        return this;
    }

    public SettingsBuilder l0SstSize(ByteSize l0SstSize) {
        this.l0SstSize = l0SstSize;
        return this;
    }

    public SettingsBuilder unflushedMax(ByteSize unflushedMax) {
        this.unflushedMax = unflushedMax;
        return this;
    }

    public SettingsBuilder blockCacheSize(ByteSize blockCacheSize) {
        this.blockCacheSize = blockCacheSize;
        return this;
    }

    public SettingsBuilder blockSize(ByteSize blockSize) {
        this.blockSize = blockSize;
        return this;
    }

    public SettingsBuilder compression(Compression compression) {
        this.compression = compression;
        return this;
    }

    public SettingsBuilder filterBitsPerKey(int filterBitsPerKey) {
        this.filterBitsPerKey = filterBitsPerKey;
        return this;
    }

    public SettingsBuilder filterKeysMin(int filterKeysMin) {
        this.filterKeysMin = filterKeysMin;
        return this;
    }

    public SettingsBuilder manifestPollInterval(Duration manifestPollInterval) {
        this.manifestPollInterval = manifestPollInterval;
        return this;
    }

    public SettingsBuilder writeTimeout(Duration writeTimeout) {
        this.writeTimeout = writeTimeout;
        return this;
    }

    public SettingsBuilder closeTimeout(Duration closeTimeout) {
        this.closeTimeout = closeTimeout;
        return this;
    }

    public SettingsBuilder compaction(CompactionSettings compaction) {
        this.compaction = compaction;
        return this;
    }

    public SettingsBuilder l0TablesMax(int l0TablesMax) {
        this.l0TablesMax = l0TablesMax;
        return this;
    }

    /// Neither compaction nor collection in this process: another does it, or nobody.
    public SettingsBuilder untended() {
        return compaction(CompactionSettings.off()).collectionInterval(Duration.ZERO);
    }

    public SettingsBuilder collectionInterval(Duration collectionInterval) {
        this.collectionInterval = collectionInterval;
        return this;
    }

    public SettingsBuilder collectionMinAge(Duration collectionMinAge) {
        this.collectionMinAge = collectionMinAge;
        return this;
    }

    public SettingsBuilder transactions(Transaction.Limits transactions) {
        this.transactions = transactions;
        return this;
    }

    public SettingsBuilder rows(Settings.Rows rows) {
        this.rows = rows;
        return this;
    }

    public SettingsBuilder keys(KeyRing keys) {
        this.keys = keys;
        return this;
    }

    /// The settings, checked as a whole.
    public Settings build() {
        return new Settings(
                flushInterval,
                walPutIntervalMin,
                walSizeMax,
                l0SstSize,
                unflushedMax,
                blockCacheSize,
                blockSize,
                compression,
                filterBitsPerKey,
                filterKeysMin,
                manifestPollInterval,
                writeTimeout,
                closeTimeout,
                compaction,
                l0TablesMax,
                collectionInterval,
                collectionMinAge,
                transactions,
                rows,
                keys);
    }
}

package dev.holdfast.bench;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.OpenMode;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.CachingStore;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// What a disk cache of many parts takes to fill, to open again, and to read a block from, beside a
/// read of the same length from a bare file of the same disk.
final class CacheCost {
    private static final int PART = 16 << 10;
    private static final int PARTS_OF_OBJECT = 64;
    private static final int BLOCK = 4 << 10;
    private static final int READS = 40_000;
    private static final int WARM_UP = 20_000; // reads that do not count
    private static final int OPENINGS = 7;
    private static final int RAW_PARTS = 4_096;

    private final Env env = Env.system();
    private final Disk disk = Disk.system();
    private final SplittableRandom random = new SplittableRandom(1);
    private final OneObject store;
    private final Path directory;
    private final int parts;
    private final List<Long> openings = new ArrayList<>();
    private final long[] hits = new long[READS];
    private final long[] raw = new long[READS];
    private long fillNanos;

    /// @param directory that is there, on the disk to be measured
    CacheCost(Path directory, int parts) {
        this.directory = directory;
        this.parts = parts;
        byte[] content = new byte[PARTS_OF_OBJECT * PART];
        for (int i = 0; i < content.length; i++) content[i] = (byte) random.nextInt();
        store = new OneObject(Bytes.wrap(content));
    }

    private CachingStore open() {
        ByteSize size = ByteSize.bytes((parts + 8L) * (PART + 8192));
        var settings =
                new DiskCacheSettings(
                        directory.resolve("cache"), size, ByteSize.bytes(PART), ByteSize.bytes(0));
        return ObjectStores.cached(store, _ -> true, settings, env);
    }

    private static String name(int part) {
        return "table-" + part / PARTS_OF_OBJECT + ".sst";
    }

    void measure() throws DiskException {
        fill();
        for (int i = 0; i < OPENINGS; i++) reopen();
        try (CachingStore cache = open();
                DiskFile file = disk.open(directory.resolve("raw"), OpenMode.CREATE)) {
            for (int i = 0; i < RAW_PARTS; i++)
                file.write(List.of(store.get("", 0, PART)), (long) i * PART);
            for (int i = -WARM_UP; i < READS; i++) {
                readRaw(file, i);
                readHit(cache, i);
            }
        }
        disk.delete(directory.resolve("raw"));
    }

    private void fill() {
        long before = env.nanoTime();
        try (CachingStore cache = open()) {
            for (int part = 0; part < parts; part++) cache.get(name(part), offset(part), PART);
            fillNanos = env.nanoTime() - before;
        }
    }

    private static long offset(int part) {
        return (long) part % PARTS_OF_OBJECT * PART;
    }

    // Up to the first part that is served.
    private void reopen() {
        long before = env.nanoTime();
        try (CachingStore cache = open()) {
            cache.get(name(parts / 2), offset(parts / 2), BLOCK);
            openings.add(env.nanoTime() - before);
            if (cache.cacheFigures().hits() != 1)
                throw new IllegalStateException("not there after it was opened again");
        }
    }

    private void readHit(CachingStore cache, int i) {
        int part = random.nextInt(parts);
        long offset = offset(part) + random.nextInt(PART / BLOCK) * (long) BLOCK;
        long before = env.nanoTime();
        cache.get(name(part), offset, BLOCK);
        if (0 <= i) hits[i] = env.nanoTime() - before;
    }

    private void readRaw(DiskFile file, int i) throws DiskException {
        long offset = random.nextInt(RAW_PARTS * (PART / BLOCK)) * (long) BLOCK;
        long before = env.nanoTime();
        file.read(ByteBuffer.allocate(BLOCK), offset);
        if (0 <= i) raw[i] = env.nanoTime() - before;
    }

    /// What was measured, a line each.
    List<String> lines() {
        List<Long> sorted = openings.stream().sorted().toList();
        return List.of(
                "%,d parts of %d KiB kept: %.1f us a part"
                        .formatted(parts, PART >> 10, fillNanos / 1000.0 / parts),
                "opened again, up to the first hit: first %.0f ms, median of %d %.0f ms"
                        .formatted(
                                openings.getFirst() / 1e6,
                                OPENINGS,
                                sorted.get(OPENINGS / 2) / 1e6),
                line("p50", 0.50),
                line("p99", 0.99));
    }

    private String line(String name, double at) {
        double hit = quantile(hits, at) / 1000.0;
        double bare = quantile(raw, at) / 1000.0;
        return "%s of 4 KiB: hit %.1f us, read of a bare file %.1f us, ratio %.2f"
                .formatted(name, hit, bare, hit / bare);
    }

    private static long quantile(long[] figures, double at) {
        long[] sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[(int) (at * (sorted.length - 1))];
    }
}

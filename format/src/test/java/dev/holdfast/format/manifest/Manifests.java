package dev.holdfast.format.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.codec.Codec;
import dev.holdfast.format.sst.FilterForm;
import dev.holdfast.format.sst.SstKind;
import dev.holdfast.format.sst.SstProperties;
import dev.holdfast.format.sst.SstProperties.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;

/// Random manifests that hold something in every field.
public final class Manifests {
    private final SplittableRandom random;

    public Manifests(SplittableRandom random) {
        this.random = random;
    }

    /// What version 1 can say.
    public Manifest version1() {
        return new Manifest(
                random.nextBoolean() ? Stage.READY : Stage.CLONING,
                number(),
                number(),
                number(),
                number(),
                random.nextBoolean() ? null : ulid(),
                list(this::whole),
                runs(this::whole),
                random.nextLong(),
                1 + (number() >>> 1),
                list(this::checkpoint),
                list(this::externalDb),
                random.nextBoolean() ? null : "s3://wal/ä" + number(),
                number(),
                tracker(),
                List.of(),
                null);
    }

    /// What only version 2 can say.
    public Manifest version2() {
        return version1()
                .but()
                .walObjectStoreUri(null)
                .l0(list(this::view))
                .sortedRuns(runs(this::view))
                .segments(list(this::segment))
                .segmentExtractorName("fixed-" + number())
                .build();
    }

    public SstHandle sst() {
        return new SstHandle(ulid(), properties(), 1 + random.nextInt(2));
    }

    private SstView whole() {
        SstHandle sst = sst();
        return new SstView(sst.id(), sst, random.nextInt(3) == 0 ? bounds() : null);
    }

    private SstView view() {
        return new SstView(ulid(), sst(), random.nextBoolean() ? null : bounds());
    }

    private List<SortedRun> runs(Supplier<SstView> views) {
        var runs = new ArrayList<SortedRun>();
        long id = 0xffffffffL - random.nextInt(10);
        for (int i = random.nextInt(4); 0 < i; i--) {
            // One table a run, for those of a run must not overlap.
            runs.add(new SortedRun(id, List.of(views.get())));
            id = random.nextLong(id);
        }
        return runs;
    }

    private Segment segment() {
        return new Segment(
                key(), random.nextBoolean() ? null : ulid(), list(this::view), runs(this::view));
    }

    private Checkpoint checkpoint() {
        return new Checkpoint(
                new UUID(random.nextLong(), random.nextLong()),
                number(),
                random.nextLong(1L << 32),
                random.nextLong(1L << 32),
                random.nextBoolean() ? null : "name-" + number());
    }

    private ExternalDb externalDb() {
        return new ExternalDb(
                "parent/" + number(),
                new UUID(random.nextLong(), random.nextLong()),
                random.nextBoolean() ? null : new UUID(random.nextLong(), random.nextLong()),
                list(this::ulid));
    }

    public KeyBounds bounds() {
        return new KeyBounds(bound(), bound());
    }

    private Bound bound() {
        return switch (random.nextInt(3)) {
            case 0 -> Bound.OPEN;
            case 1 -> new Bound(Bound.Kind.INCLUDED, key());
            default -> new Bound(Bound.Kind.EXCLUDED, key());
        };
    }

    private SequenceTracker tracker() {
        SequenceTracker tracker = SequenceTracker.empty();
        long seq = 1;
        long seconds = 1_700_000_000;
        for (int i = random.nextInt(20); 0 < i; i--) {
            seq += 1 + random.nextInt(5000);
            seconds += 60 + random.nextInt(300);
            tracker = tracker.add(seq, seconds);
        }
        return tracker;
    }

    private SstProperties properties() {
        Bytes one = key();
        Bytes other = key();
        long data = 1 + random.nextInt(1 << 28);
        boolean isFiltered = random.nextBoolean();
        var filter = new Section(data, isFiltered ? 100 : 0);
        var index = new Section(filter.end(), 1 + random.nextInt(1000));
        var stats = new Section(index.end(), random.nextInt(1000));
        return new SstProperties(
                one.compareTo(other) < 0 ? one : other,
                one.compareTo(other) < 0 ? other : one,
                filter,
                isFiltered && random.nextBoolean() ? FilterForm.COMPOSITE : FilterForm.LEGACY,
                index,
                stats,
                Codec.of(random.nextInt(5)),
                SstKind.COMPACTED);
    }

    public Ulid ulid() {
        return new Ulid(random.nextLong(), random.nextLong());
    }

    private Bytes key() {
        byte[] key = new byte[1 + random.nextInt(20)];
        random.nextBytes(key);
        return Bytes.wrap(key);
    }

    private long number() {
        return random.nextLong() >>> (1 + random.nextInt(63));
    }

    public <T> List<T> list(Supplier<T> element) {
        var list = new ArrayList<T>();
        for (int i = random.nextInt(4); 0 < i; i--) list.add(element.get());
        return list;
    }
}

package dev.holdfast.app.survey;

import dev.holdfast.app.inspect.StoredObjects;
import dev.holdfast.base.Ulid;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All objects of a database by what they are needed for. Not thread-safe.
public final class StoredBytes {
    private static final String TABLES = "compacted/";
    private static final String SST = ".sst";

    private final Map<Need, Sum> sums = new EnumMap<>(Need.class);
    private final Set<Ulid> live;
    private final Set<Ulid> pinned;
    private final Set<Ulid> underWay;
    private final Set<Long> pinnedManifests;
    private final Numbers numbers;

    /// What an object is needed for.
    public enum Need {
        /// By the newest manifest, or to replay the log.
        LIVE,
        /// By a checkpoint alone.
        PINNED,
        /// By a compaction that is not over.
        UNDER_WAY,
        /// By writers that were fenced: they stay for ever.
        FENCE,
        /// By nothing, so that a collection removes it once it is old enough; or nothing names it
        /// yet.
        GARBAGE,
        /// Nobody can tell: it is not of a kind that a database has.
        OTHER
    }

    /// Objects, and their bytes.
    public record Sum(long objects, long bytes) {
        Sum plus(long size) {
            return new Sum(objects + 1, bytes + size);
        }
    }

    /// The numbers that part what is needed from what is not.
    ///
    /// @param replayAfter the log is needed behind this object
    /// @param pinnedAfter a checkpoint needs the log behind this object
    record Numbers(long manifest, long compactions, long replayAfter, long pinnedAfter) {}

    StoredBytes(
            Set<Ulid> live,
            Set<Ulid> pinned,
            Set<Ulid> underWay,
            Set<Long> pinnedManifests,
            Numbers numbers) {
        this.live = new HashSet<>(live);
        this.pinned = new HashSet<>(pinned);
        this.underWay = new HashSet<>(underWay);
        this.pinnedManifests = new HashSet<>(pinnedManifests);
        this.numbers = numbers;
    }

    void add(String name, long size) {
        sums.merge(needOf(name, size), new Sum(1, size), (sum, _) -> sum.plus(size));
    }

    private Need needOf(String name, long size) {
        if (name.startsWith(TABLES)) return needOfTable(name);
        Long wal = StoredObjects.idIn("wal", SST, name);
        if (wal != null) return needOfLog(wal, size);
        Long manifest = StoredObjects.idIn("manifest", ".manifest", name);
        if (manifest != null) return needOfManifest(manifest);
        Long state = StoredObjects.idIn("compactions", ".compactions", name);
        if (state != null) return numbers.compactions() <= state ? Need.LIVE : Need.GARBAGE;
        return Need.OTHER;
    }

    private Need needOfTable(String name) {
        Ulid id = idOf(name);
        if (id == null) return Need.OTHER;
        if (live.contains(id)) return Need.LIVE;
        if (pinned.contains(id)) return Need.PINNED;
        return underWay.contains(id) ? Need.UNDER_WAY : Need.GARBAGE;
    }

    private static @Nullable Ulid idOf(String name) {
        int end = TABLES.length() + Ulid.TEXT_LENGTH;
        if (name.length() != end + SST.length() || !name.endsWith(SST)) return null;
        try {
            return Ulid.parse(name.substring(TABLES.length(), end));
        } catch (IllegalArgumentException foreign) {
            return null;
        }
    }

    private Need needOfLog(long id, long size) {
        if (numbers.replayAfter() < id) return Need.LIVE;
        if (size <= Surveyor.FENCE_BYTES_MAX) return Need.FENCE;
        return numbers.pinnedAfter() <= id ? Need.PINNED : Need.GARBAGE;
    }

    private Need needOfManifest(long id) {
        if (numbers.manifest() <= id) return Need.LIVE;
        return pinnedManifests.contains(id) ? Need.PINNED : Need.GARBAGE;
    }

    /// The objects that are needed for `need`.
    public Sum of(Need need) {
        return sums.getOrDefault(need, new Sum(0, 0));
    }

    /// All of them.
    public Sum all() {
        long objects = sums.values().stream().mapToLong(Sum::objects).sum();
        return new Sum(objects, sums.values().stream().mapToLong(Sum::bytes).sum());
    }
}

package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.base.file.Disk;
import dev.holdfast.lifecycle.gate.Flight;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.CachingStore;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.StoreTraffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A store, with parts of its immutable objects kept on a local disk.
///
/// Ranges of objects that `isKept` names are read from the disk if they are there, and otherwise
/// fetched by whole parts, which stay. All else passes through. Only objects that are never written
/// twice with different content may be named: tables, no manifests and no log.
///
/// Invariants:
/// 1. What is served from the disk was fetched from this store, of this object, and has not changed
///    since: each chunk is proved by its checksum before it is served.
/// 2. Whatever the disk does, a read ends as it would without it.
/// 3. Of any number of readers of a part that is not there, one fetches it.
///
/// Thread-safe. Closes the store that it stands before.
public final class CachedStore implements CachingStore {
    private static final Duration FETCH_MAX = Duration.ofMinutes(2);
    private static final int SIZES_MAX = 10_000;
    private static final int RANGE_PARTS_MAX = 64;

    private final ObjectStore inner;
    private final Predicate<String> isKept;
    private final PartFiles files;
    private final Env env;
    private final Token token;
    private final int partBytes;
    private final Map<PartId, Flight<Bytes>> flights = new ConcurrentHashMap<>();
    private final Map<String, Long> sizes = new LinkedHashMap<>(16, 0.75f, true); // guarded by it
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /// @param isKept tells by its name whether an object is immutable, and worth keeping
    public CachedStore(
            ObjectStore inner,
            Predicate<String> isKept,
            DiskCacheSettings settings,
            Disk disk,
            Env env) {
        this.inner = inner;
        this.isKept = isKept;
        this.env = env;
        token = Token.standalone(env);
        partBytes = (int) settings.part().bytes();
        files = new PartFiles(settings, disk, env);
    }

    @Override
    public Figures cacheFigures() {
        return new Figures(
                files.bytes(),
                hits.sum(),
                misses.sum(),
                files.evictions(),
                files.damaged(),
                files.failures());
    }

    @Override
    public @Nullable Bytes get(String name) {
        return inner.get(name);
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        Bytes kept = isForUs(name, offset, length) ? range(name, offset, length) : null;
        return kept == null ? inner.get(name, offset, length) : kept;
    }

    private boolean isForUs(String name, long offset, int length) {
        return 0 <= offset
                && 0 < length
                && length <= (long) partBytes * RANGE_PARTS_MAX
                && offset <= Long.MAX_VALUE - length
                && isKept.test(name)
                && files.isInUse();
    }

    // Null if the store has to be asked after all: it also knows best what is wrong with a request.
    private @Nullable Bytes range(String name, long offset, int length) {
        var range = new PartRange(inner.url() + "\n" + name, offset, length, partBytes);
        boolean isWhole = true;
        for (int i = 0; i < range.count(); i++) {
            if (files.use(range.id(i))) range.set(i, read(range, i));
            isWhole &= range.has(i);
        }
        if (isWhole || fetchMissing(name, range)) return range.joined();
        return null;
    }

    private @Nullable Bytes read(PartRange range, int i) {
        Bytes piece = files.read(range.id(i), range.from(i), range.length(i));
        if (piece != null) hits.increment();
        return piece;
    }

    // Ours are fetched before those of others are waited for: so nobody waits in a circle.
    private boolean fetchMissing(String name, PartRange range) {
        long size = sizeOf(name);
        if (size < range.end()) return false;
        Map<Integer, Flight<Bytes>> ours = new LinkedHashMap<>();
        Map<Integer, Flight<Bytes>> others = new LinkedHashMap<>();
        for (int i = 0; i < range.count(); i++) {
            if (range.has(i)) continue;
            var flight = new Flight<Bytes>("part of an object", "store");
            Flight<Bytes> before = flights.putIfAbsent(range.id(i), flight);
            if (before == null) ours.put(i, flight);
            else others.put(i, before);
        }
        try {
            for (List<Integer> run : runs(ours.keySet())) fetch(name, size, range, run, ours);
        } catch (ObjectStoreException failure) {
            ours.values().forEach(flight -> flight.fail(failure));
            throw failure;
        } finally {
            ours.forEach((i, flight) -> leave(range.id(i), flight));
        }
        boolean isWhole = true;
        for (var other : others.entrySet())
            isWhole &= join(range, other.getKey(), other.getValue());
        return isWhole;
    }

    // Whoever still waits for it asks the store itself.
    private void leave(PartId id, Flight<Bytes> flight) {
        flight.land(null);
        flights.remove(id, flight);
    }

    private static List<List<Integer>> runs(Iterable<Integer> numbers) {
        List<List<Integer>> runs = new ArrayList<>();
        int last = Integer.MIN_VALUE;
        for (int number : numbers) {
            if (number != last + 1) runs.add(new ArrayList<>());
            runs.getLast().add(number);
            last = number;
        }
        return runs;
    }

    // Parts side by side come in one piece, and are kept one by one.
    private void fetch(
            String name,
            long size,
            PartRange range,
            List<Integer> run,
            Map<Integer, Flight<Bytes>> ours) {
        if (run.size() == 1 && isThereByNow(range, run.getFirst(), size, ours)) return;
        long start = range.id(run.getFirst()).number() * partBytes;
        long end = Math.min(size, (range.id(run.getLast()).number() + 1) * partBytes);
        Bytes fetched = inner.get(name, start, Math.toIntExact(end - start));
        if (fetched == null || fetched.length() != end - start)
            throw new ObjectStoreException.Unavailable(
                    "part not there. object=`" + name + "`", null);
        for (int i : run) {
            int from = (run.indexOf(i)) * partBytes;
            Bytes part = fetched.slice(from, Math.min(fetched.length(), from + partBytes));
            misses.increment();
            land(range, i, part, ours);
            files.write(range.id(i), size, part);
        }
    }

    // Another may have brought it between our look at the disk and our turn.
    private boolean isThereByNow(
            PartRange range, int i, long size, Map<Integer, Flight<Bytes>> ours) {
        PartId id = range.id(i);
        if (!files.holds(id)) return false;
        int length = (int) Math.min(partBytes, size - id.number() * partBytes);
        Bytes part = files.read(id, 0, length);
        if (part == null) return false;
        hits.increment();
        land(range, i, part, ours);
        return true;
    }

    private static void land(PartRange range, int i, Bytes part, Map<Integer, Flight<Bytes>> ours) {
        range.set(i, part.slice(range.from(i), range.from(i) + range.length(i)));
        Flight<Bytes> flight = ours.get(i);
        if (flight != null) flight.land(part);
    }

    private boolean join(PartRange range, int i, Flight<Bytes> flight) {
        try {
            flight.await(Deadline.after(env, FETCH_MAX), token);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ObjectStoreException.Unavailable("interrupted", interrupted);
        }
        Bytes part = flight.isOver() ? flight.value() : null;
        if (part == null) return false;
        range.set(i, part.slice(range.from(i), range.from(i) + range.length(i)));
        return true;
    }

    private long sizeOf(String name) {
        synchronized (sizes) {
            Long known = sizes.get(name);
            if (known != null) return known;
        }
        ObjectMeta found = head(name);
        return found == null ? -1 : found.size();
    }

    private void learn(String name, long size) {
        synchronized (sizes) {
            sizes.put(name, size);
            if (SIZES_MAX < sizes.size()) sizes.remove(sizes.keySet().iterator().next());
        }
    }

    // Whoever writes or deletes an object has no use for what was kept of it.
    private void forget(String name) {
        if (!isKept.test(name)) return;
        Long size;
        synchronized (sizes) {
            size = sizes.remove(name);
        }
        if (size == null) return;
        for (long part = 0; part * partBytes < size; part++)
            files.forget(new PartId(inner.url() + "\n" + name, part));
    }

    @Override
    public int removeUnfinished(String prefix, long beforeMillis) {
        return inner.removeUnfinished(prefix, beforeMillis);
    }

    @Override
    public StoreTraffic traffic() {
        return inner.traffic();
    }

    @Override
    public ObjectStore forBulkReads() {
        return inner.forBulkReads();
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        forget(name);
        return inner.put(name, parts);
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        return inner.putIfAbsent(name, parts, putId);
    }

    @Override
    public @Nullable ObjectMeta head(String name) {
        ObjectMeta found = inner.head(name);
        if (found != null && isKept.test(name)) learn(name, found.size());
        return found;
    }

    @Override
    public List<ObjectMeta> list(String prefix, @Nullable String after, int limit) {
        return inner.list(prefix, after, limit);
    }

    @Override
    public void delete(String name) {
        forget(name);
        inner.delete(name);
    }

    @Override
    public String url() {
        return inner.url();
    }

    @Override
    public void close() {
        files.close();
        inner.close();
    }
}

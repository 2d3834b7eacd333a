package dev.holdfast.system.interop;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.fault.ForwardingStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A bucket that remembers each change, with what had been reported as remote until the next one
/// began. Thread-safe.
final class BucketHistory extends ForwardingStore {
    private final ReentrantLock order = new ReentrantLock(); // one change at a time
    private final List<Change> changes = new ArrayList<>(); // guarded by `order`
    private final List<Long> marks = new ArrayList<>(); // one before each change; guarded likewise
    private final AtomicLong reported = new AtomicLong();
    private volatile boolean isDown;

    /// One change: null for an object that went.
    private record Change(String name, @Nullable Bytes content) {}

    BucketHistory() {
        super(new MemoryStore());
    }

    /// The database told that everything up to `mark` is remote.
    void report(long mark) {
        reported.accumulateAndGet(mark, Math::max);
    }

    /// From now on no put is answered, or all are again.
    void breakDown() {
        isDown = true;
    }

    void recover() {
        isDown = false;
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        return changed(name, joined(parts), () -> inner.put(name, parts));
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        return changed(name, joined(parts), () -> inner.putIfAbsent(name, parts, putId));
    }

    private PutResult changed(String name, Bytes content, Supplier<PutResult> put) {
        if (isDown) throw new Unavailable("down", null);
        order.lock();
        try {
            marks.add(reported.get());
            PutResult result = put.get();
            if (result instanceof PutResult.Stored) changes.add(new Change(name, content));
            else marks.removeLast();
            return result;
        } finally {
            order.unlock();
        }
    }

    private static Bytes joined(List<Bytes> parts) {
        byte[] all = new byte[parts.stream().mapToInt(Bytes::length).sum()];
        int at = 0;
        for (Bytes part : parts) {
            part.copyTo(all, at);
            at += part.length();
        }
        return Bytes.wrap(all);
    }

    @Override
    public void delete(String name) {
        order.lock();
        try {
            marks.add(reported.get());
            inner.delete(name);
            changes.add(new Change(name, null));
        } finally {
            order.unlock();
        }
    }

    /// How many changes there were.
    int size() {
        order.lock();
        try {
            return changes.size();
        } finally {
            order.unlock();
        }
    }

    /// What had been reported as remote when the bucket stood as after `count` changes.
    long markAfter(int count) {
        order.lock();
        try {
            return count < marks.size() ? marks.get(count) : reported.get();
        } finally {
            order.unlock();
        }
    }

    /// True if a database is there after `count` changes.
    boolean isDatabase(int count) {
        order.lock();
        try {
            return changes.subList(0, count).stream()
                    .anyMatch(change -> change.name.contains("/manifest/"));
        } finally {
            order.unlock();
        }
    }

    /// Makes `folder` what the bucket was after `count` changes, if it is what the bucket was after
    /// `before` of them, and what a reader has written there since: SlateDB's writes manifests.
    void replay(int before, int count, Path folder) throws IOException {
        List<Change> all;
        order.lock();
        try {
            all = List.copyOf(changes.subList(0, count));
        } finally {
            order.unlock();
        }
        Set<Path> there = new HashSet<>();
        for (Change change : all) {
            Path file = folder.resolve(change.name);
            if (change.content == null) there.remove(file);
            else there.add(file);
        }
        for (Path file : filesIn(folder)) if (!there.contains(file)) Files.delete(file);
        for (Change change : all.subList(before, count)) {
            Path file = folder.resolve(change.name);
            Bytes content = change.content;
            if (content == null) Files.deleteIfExists(file);
            else {
                Files.createDirectories(file.getParent());
                Files.write(file, content.toArray());
            }
        }
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}

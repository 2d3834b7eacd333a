package dev.holdfast.objectstore.remote;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// A few threads that share the parts of one piece of work; the first failure ends it.
public final class PartCrew<T> {
    private static final int HANDS_MAX = 4;

    private final int count;
    private final Env env;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReferenceArray<T> done;
    private final AtomicReference<ObjectStoreException> failure = new AtomicReference<>();

    public PartCrew(int count, Env env) {
        this.count = count;
        this.env = env;
        done = new AtomicReferenceArray<>(count);
    }

    /// The results of `task` for every part from 0, in order. When it throws, no part is still
    /// being worked on that could end later than a request may last.
    public List<T> work(String name, IntFunction<T> task, Deadline deadline) {
        int hands = Math.min(HANDS_MAX, count);
        var ended = new CountDownLatch(hands);
        List<Thread> crew =
                IntStream.range(0, hands)
                        .mapToObj(hand ->
                                env.start(
                                        "upload-" + name + "-" + hand,
                                        () -> workUntilDone(task, deadline, ended)))
                        .toList();
        await(name, ended, deadline, crew);
        ObjectStoreException failed = failure.get();
        if (failed != null) throw failed;
        for (int part = 0; part < count; part++)
            if (done.get(part) == null)
                throw new Unavailable("upload ended early. name=`" + name + "`", null);
        return IntStream.range(0, count).mapToObj(done::get).toList();
    }

    private void workUntilDone(IntFunction<T> task, Deadline deadline, CountDownLatch ended) {
        try {
            while (failure.get() == null && !deadline.isExpired()) {
                int part = next.getAndIncrement();
                if (count <= part) return;
                done.set(part, task.apply(part));
            }
        } catch (ObjectStoreException failed) {
            failure.compareAndSet(null, failed);
        } finally {
            ended.countDown();
        }
    }

    private void await(String name, CountDownLatch ended, Deadline deadline, List<Thread> crew) {
        try {
            if (ended.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) return;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        failure.compareAndSet(
                null, new Unavailable("upload ended early. name=`" + name + "`", null));
        crew.forEach(Thread::interrupt);
    }
}

package dev.holdfast.engine.ship;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.LocalStatus.Uploads;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Carries shipments to the object store, each as soon as what it needs is there, and tries again
/// until the store has confirmed it.
///
/// Invariants:
/// 1. Each upload ends once, whatever its attempts throw, and nobody waits for another's end but
///    those that need it.
/// 2. No attempt holds the lock, and none waits for a slot while it has one.
/// 3. While the store refuses, only a probe goes now and then; who waits is told at once.
/// 4. After [#leave], or once stopped, nothing new is tried.
///
/// Thread-safe. It stops after everything that submits to it.
public final class UploadScheduler implements Component {
    /// The name of the component: who waits for an upload waits for it.
    public static final String NAME = "uploads";

    /// How many go at once, manifests aside.
    public static final int SLOTS = 8;

    private static final System.Logger LOG = System.getLogger(UploadScheduler.class.getName());
    private static final int UPLOADS_MAX = 1 << 16;
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration STALLED = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration LEAVING = Duration.ofMillis(100);
    private static final Duration INTERRUPTED = Duration.ofMillis(50);

    private final Env env;
    private final ReentrantLock guard = new ReentrantLock(); // held for moments, never over I/O
    private final WaitPoint work;
    private final WaitPoint ends;
    private final List<Runnable> onRefusal = new CopyOnWriteArrayList<>();
    private final List<Task> workers = new ArrayList<>(); // written by `start` alone

    // All guarded by `guard`.
    private final Window window = new Window(SLOTS);
    private final Park park;
    private final UploadQueue queue;
    private final UploadBook book;
    private boolean isStopping;
    private boolean isLeaving;
    private Deadline leavingBy;
    private long refusals;
    private @Nullable Deadline stalledAt;
    private boolean isStallTold;
    private Remainder remainder = new Remainder(List.of());

    public UploadScheduler(Env env) {
        this.env = env;
        park = new Park(env);
        leavingBy = Deadline.after(env, IDLE);
        queue = new UploadQueue(env, window, park);
        book = new UploadBook(env);
        work = new WaitPoint(guard, WaitKind.IDLE, "something to upload", "writers");
        ends = new WaitPoint(guard, WaitKind.REMOTE, "an upload to end", NAME);
    }

    /// Takes `shipment`, whole or not at all. Throws `Closed` once a stop has begun or all is left
    /// to the next start, `Unavailable` if far too much waits.
    public Upload submit(Shipment shipment) {
        guard.lock();
        try {
            if (isStopping || isLeaving)
                throw new Closed(
                        Closed.Reason.CLEAN,
                        "uploads have ended. object=`" + shipment.name() + "`",
                        null);
            if (UPLOADS_MAX <= queue.size())
                throw new Unavailable("too many uploads wait. count=`" + queue.size() + "`", null);
            Upload upload = queue.add(this, shipment);
            work.signalAll();
            return upload;
        } finally {
            guard.unlock();
        }
    }

    /// Has `listener` called when the store begins to refuse, and when it refuses again. It must be
    /// quick.
    public void onRefusal(Runnable listener) {
        onRefusal.add(listener);
    }

    /// Why the store takes nothing until a person acts; null if it does.
    public @Nullable Throwable refusal() {
        guard.lock();
        try {
            return park.why();
        } finally {
            guard.unlock();
        }
    }

    /// Leaves what is not under way to the next start: it is cancelled, and nothing new is taken.
    public void leave() {
        guard.lock();
        try {
            if (!isLeaving) {
                remainder = Remainder.of(queue.all(), env.nanoTime());
                leavingBy = Deadline.after(env, LEAVING);
            }
            isLeaving = true;
            for (Upload each : queue.all())
                if (!each.isOver() && each.state() != Upload.State.RUNNING) queue.cancel(each);
            wakeAll();
        } finally {
            guard.unlock();
        }
    }

    private void wakeAll() {
        work.signalAll();
        ends.signalAll();
    }

    void await(Upload upload, Deadline deadline, Token token) throws InterruptedException {
        guard.lock();
        try {
            long refusedBefore = refusals;
            BooleanSupplier isTold =
                    () -> upload.isOver() || park.isParked() || refusals != refusedBefore;
            ends.await(isTold, deadline, token);
            switch (upload.state()) {
                case DONE -> {}
                case FAILED -> throw failed(upload);
                case CANCELLED, BLOCKED, READY, RUNNING, RESTING ->
                        throw upload.notDone(park.isParked() ? park.why() : upload.lastError);
            }
        } finally {
            guard.unlock();
        }
    }

    private static StorageException failed(Upload upload) {
        Throwable why = upload.lastError;
        if (why instanceof Closed closed)
            return new Closed(closed.reason(), closed.getMessage(), closed);
        if (why instanceof StorageException told) return told;
        return upload.notDone(why);
    }

    void awaitEnd(Upload upload, Deadline deadline, Token token) throws InterruptedException {
        guard.lock();
        try {
            ends.await(upload::isOver, deadline, token);
        } finally {
            guard.unlock();
        }
    }

    void cancel(Upload upload) {
        guard.lock();
        try {
            if (upload.isOver()) return;
            queue.cancel(upload);
            wakeAll();
        } finally {
            guard.unlock();
        }
    }

    boolean cancelUntried(Upload upload) {
        guard.lock();
        try {
            if (0 < upload.attempts || upload.isOver())
                return upload.attempts == 0 && upload.state() == Upload.State.CANCELLED;
            queue.cancel(upload);
            wakeAll();
            return true;
        } finally {
            guard.unlock();
        }
    }

    int attemptsOf(Upload upload) {
        guard.lock();
        try {
            return upload.attempts;
        } finally {
            guard.unlock();
        }
    }

    @Nullable Throwable failureOf(Upload upload) {
        guard.lock();
        try {
            return upload.lastError;
        } finally {
            guard.unlock();
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> requires() {
        return Set.of("store");
    }

    @Override
    public Set<Phase> phases() {
        return Set.of(Phase.PERSIST);
    }

    @Override
    public void start(StartContext context) {
        Token own = context.token();
        for (int i = 0; i <= SLOTS; i++) workers.add(context.fork("upload " + i, () -> serve(own)));
        context.watch("uploads", this::doneCount, this::leftCount);
    }

    /// Carries on until all is done, or leaves the rest to the next start and names it.
    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        refuseMore();
        if (!isLeft()) carryOn(context);
        leave();
        join(leftBy(context));
        Remainder left = dropRunning();
        left.tell(context);
        interruptWorkers();
        join(context.deadline().atMost(INTERRUPTED));
        return left.count() == 0
                ? Outcome.done("uploads", report().done())
                : Outcome.cut("uploads", left.count());
    }

    // What was under way when all was left has had its moment since then.
    private Deadline leftBy(StopContext context) {
        guard.lock();
        try {
            return context.deadline().atMost(leavingBy.remaining());
        } finally {
            guard.unlock();
        }
    }

    private void join(Deadline moment) throws InterruptedException {
        for (Task each : workers) each.join(moment);
    }

    // What came of it will be found out by whoever tries it next.
    private void interruptWorkers() {
        for (Task each : workers) {
            Thread thread = each.thread();
            if (!each.isDone() && thread != null) thread.interrupt();
        }
    }

    private void refuseMore() {
        guard.lock();
        try {
            isStopping = true;
            wakeAll();
        } finally {
            guard.unlock();
        }
    }

    private boolean isLeft() {
        guard.lock();
        try {
            return isLeaving;
        } finally {
            guard.unlock();
        }
    }

    // A mode that rises meanwhile ends it.
    private void carryOn(StopContext context) throws InterruptedException {
        boolean isEmpty = false;
        while (!isEmpty
                && context.mode() == Mode.SMART
                && !context.deadline().isExpired()
                && !context.token().isCancelled()) {
            guard.lock();
            try {
                ends.await(queue::isEmpty, context.deadline().atMost(LOOK), context.token());
                isEmpty = queue.isEmpty();
            } finally {
                guard.unlock();
            }
        }
    }

    private Remainder dropRunning() {
        guard.lock();
        try {
            for (Upload each : queue.all()) if (!each.isOver()) queue.cancel(each);
            wakeAll();
            return remainder;
        } finally {
            guard.unlock();
        }
    }

    private void serve(Token own) throws InterruptedException {
        while (hasServedNext(own)) {}
    }

    // A method of its own, so that a thread that waits does not hold on to what it sent last.
    private boolean hasServedNext(Token own) throws InterruptedException {
        Upload next = next(own);
        if (next == null) return false;
        Throwable broken = new AssertionError("the attempt did not end");
        try {
            broken = Task.attempt(() -> next.shipment().attempt().make(own));
        } finally {
            settle(next, broken);
        }
        return true;
    }

    private @Nullable Upload next(Token own) throws InterruptedException {
        guard.lock();
        try {
            while (!own.isCancelled() && !hasEnded()) {
                Upload next = queue.take();
                if (next != null) return next;
                lookForStall();
                work.await(this::hasTurn, nextLook(), own);
            }
            return null;
        } finally {
            guard.unlock();
        }
    }

    private boolean hasTurn() {
        return hasEnded() || queue.hasNext() || (stalledAt == null && queue.isStalled());
    }

    private boolean hasEnded() {
        return isLeaving || (isStopping && queue.isEmpty());
    }

    private Deadline nextLook() {
        Deadline idle = Deadline.after(env, IDLE);
        Deadline stall = stalledAt;
        if (stall != null && !isStallTold) idle = idle.atMost(stall.remaining());
        return idle.atMost(Duration.ofNanos(queue.nanosToNext()));
    }

    // Something waits, and nothing is under way that would set it going.
    private void lookForStall() {
        if (!queue.isStalled()) {
            stalledAt = null;
            isStallTold = false;
            return;
        }
        if (stalledAt == null) stalledAt = Deadline.after(env, STALLED);
        if (isStallTold || !stalledAt.isExpired()) return;
        isStallTold = true;
        book.stalled();
        LOG.log(
                System.Logger.Level.ERROR,
                "uploads wait, and nothing is under way: {0}",
                book.report(queue, window, park).tasks());
    }

    private void settle(Upload upload, @Nullable Throwable broken) {
        Throwable news = null;
        guard.lock();
        try {
            queue.release(upload);
            if (broken == null) succeeded(upload);
            else news = broke(upload, broken);
            wakeAll();
        } finally {
            guard.unlock();
        }
        if (news != null) tellRefusal(news);
    }

    private void succeeded(Upload upload) {
        window.succeeded();
        if (park.accept()) LOG.log(System.Logger.Level.INFO, "the store takes uploads again");
        if (upload.isOver()) return;
        book.done(upload.shipment().bytes());
        upload.lastError = null;
        queue.done(upload);
    }

    // Returns what those who wait have to be told, if anything.
    private @Nullable Throwable broke(Upload upload, Throwable broken) {
        Reaction reaction = Reaction.to(broken);
        book.broke(reaction);
        if (reaction == Reaction.SLOWER) window.slowDown(env.nanoTime());
        if (reaction == Reaction.PARK) refused(broken);
        else park.unanswered();
        if (upload.isOver()) return reaction == Reaction.PARK ? broken : null;
        if (isLeaving && reaction != Reaction.FAIL) {
            upload.lastError = broken;
            queue.cancel(upload);
            return null;
        }
        upload.wasSlowedDown = reaction == Reaction.SLOWER;
        if (reaction != Reaction.REPEAT) upload.lastError = broken;
        switch (reaction) {
            case AGAIN, SLOWER -> queue.again(upload);
            case PARK, REPEAT -> queue.repeat(upload);
            case FAIL -> failed(upload, broken);
        }
        return reaction == Reaction.PARK ? broken : null;
    }

    private void failed(Upload upload, Throwable why) {
        LOG.log(
                System.Logger.Level.ERROR,
                "upload failed, it is not tried again. object=`{0}`, attempts=`{1}`: {2}",
                upload.shipment().name(),
                upload.attempts,
                why);
        queue.fail(upload, why);
    }

    private void refused(Throwable why) {
        refusals++;
        if (!park.refuse(why)) return;
        LOG.log(
                System.Logger.Level.ERROR,
                "the store refuses until a person acts, uploads wait: {0}",
                why.getMessage());
    }

    private void tellRefusal(Throwable why) {
        LOG.log(System.Logger.Level.DEBUG, "refused: {0}", why.getMessage());
        onRefusal.forEach(Runnable::run);
    }

    private long doneCount() {
        return report().done();
    }

    private long leftCount() {
        guard.lock();
        try {
            return park.isParked() ? 0 : queue.size();
        } finally {
            guard.unlock();
        }
    }

    /// All that has not ended, and how it goes.
    public Uploads report() {
        guard.lock();
        try {
            return book.report(queue, window, park);
        } finally {
            guard.unlock();
        }
    }
}

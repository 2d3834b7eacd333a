package dev.holdfast.engine.ship;

import dev.holdfast.base.Env;
import dev.holdfast.engine.ship.Shipment.Kind;
import dev.holdfast.engine.ship.Upload.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The uploads that have not ended, what waits for what, and which one is next.
///
/// Invariants:
/// 1. An upload is taken only after everything that it needs is done.
/// 2. Of log objects and of manifests one goes at a time, in the order of submission.
/// 3. A manifest never waits for a slot, and tables leave one to the log if there are two; where
///    there is but one, three log objects in a row are followed by a table.
///
/// There can be no circle: an upload names only such as were submitted before it.
///
/// Not thread-safe.
final class UploadQueue {
    private static final long PAUSE_FIRST = Duration.ofMillis(100).toNanos();
    private static final long PAUSE_LONGEST = Duration.ofSeconds(20).toNanos();
    private static final int WAL_IN_ROW_MAX = 3;

    private final Env env;
    private final Window window;
    private final Park park;
    private final Map<Kind, TreeMap<Long, Upload>> ready = new EnumMap<>(Kind.class);
    private final TreeMap<Long, Upload> all = new TreeMap<>(); // by id, oldest first
    private final Map<Kind, Upload> last = new EnumMap<>(Kind.class);
    private final Map<Kind, Integer> running = new EnumMap<>(Kind.class);
    private final List<Upload> resting = new ArrayList<>();
    private long lastId;
    private int walInRow;

    UploadQueue(Env env, Window window, Park park) {
        this.env = env;
        this.window = window;
        this.park = park;
        for (Kind kind : Kind.values()) {
            ready.put(kind, new TreeMap<>());
            running.put(kind, 0);
        }
    }

    /// Adds one. It may have failed already when this returns.
    Upload add(UploadScheduler scheduler, Shipment shipment) {
        var upload = new Upload(scheduler, ++lastId, shipment, env.nanoTime());
        all.put(upload.id(), upload);
        Upload lost = lostOf(shipment);
        if (lost != null) {
            fail(upload, failureBehind(lost));
            return upload;
        }
        for (Upload before : shipment.after()) awaitDone(upload, before);
        stayBehindTheLast(upload);
        if (upload.blockers == 0) enter(upload);
        return upload;
    }

    private static @Nullable Upload lostOf(Shipment shipment) {
        for (Upload before : shipment.after())
            if (before.isOver() && before.state() != State.DONE) return before;
        return null;
    }

    private static void awaitDone(Upload upload, Upload before) {
        if (before.isOver()) return;
        before.dependents.add(upload);
        upload.blockers++;
    }

    // A hole in the log would hide what lies behind it, so an object without its predecessor fails
    // too. A manifest holds whatever the one before would have held.
    private void stayBehindTheLast(Upload upload) {
        Kind kind = upload.shipment().kind();
        if (kind != Kind.WAL && kind != Kind.MANIFEST) return;
        Upload before = last.put(kind, upload);
        if (before == null || before.isOver()) return;
        upload.predecessor = before;
        upload.blockers++;
        (kind == Kind.WAL ? before.dependents : before.followers).add(upload);
    }

    private void enter(Upload upload) {
        upload.become(State.READY);
        ready.get(upload.shipment().kind()).put(upload.id(), upload);
    }

    /// The next to be tried now, if there is one and a slot for it: it is running then.
    @Nullable Upload take() {
        wakeRested();
        if (!park.allows()) return null;
        Kind kind = park.isParked() ? firstReady() : nextKind();
        if (kind == null) return null;
        Upload next = ready.get(kind).pollFirstEntry().getValue();
        next.become(State.RUNNING);
        next.attempts++;
        count(kind, 1);
        if (kind == Kind.TABLE) walInRow = 0;
        if (kind == Kind.WAL) walInRow++;
        park.tried();
        return next;
    }

    /// True if [#take] would give one.
    boolean hasNext() {
        wakeRested();
        if (!park.allows()) return false;
        return (park.isParked() ? firstReady() : nextKind()) != null;
    }

    private @Nullable Kind firstReady() {
        for (Kind kind : Kind.values()) if (isReady(kind)) return kind;
        return null;
    }

    private @Nullable Kind nextKind() {
        if (isReady(Kind.MANIFEST) && running.get(Kind.MANIFEST) == 0) return Kind.MANIFEST;
        int bulk = running.get(Kind.TABLE) + running.get(Kind.DELETE);
        int free = window.size() - running.get(Kind.WAL) - bulk;
        if (free <= 0) return null;
        boolean isBulkAllowed = bulk < Math.max(1, window.size() - 1);
        boolean isTablesTurn = window.size() == 1 && WAL_IN_ROW_MAX <= walInRow;
        if (isTablesTurn && isReady(Kind.TABLE)) return Kind.TABLE;
        if (isReady(Kind.WAL)) return Kind.WAL;
        if (!isBulkAllowed) return null;
        if (isReady(Kind.TABLE)) return Kind.TABLE;
        return isReady(Kind.DELETE) ? Kind.DELETE : null;
    }

    private boolean isReady(Kind kind) {
        return !ready.get(kind).isEmpty();
    }

    private void wakeRested() {
        if (resting.isEmpty()) return;
        long now = env.nanoTime();
        for (int i = resting.size() - 1; 0 <= i; i--) {
            if (0 < resting.get(i).nextAttemptNanos - now) continue;
            enter(resting.remove(i));
        }
    }

    private void count(Kind kind, int more) {
        running.merge(kind, more, Integer::sum);
    }

    /// The attempt is over: its slot is free.
    void release(Upload upload) {
        count(upload.shipment().kind(), -1);
    }

    /// The store has confirmed it.
    void done(Upload upload) {
        end(upload, State.DONE);
        for (Upload each : upload.dependents) unblock(each);
        // The store answers: who rests from its silence need not rest longer.
        long soon = env.nanoTime() + PAUSE_FIRST;
        for (Upload each : resting)
            if (!each.wasSlowedDown && soon - each.nextAttemptNanos < 0)
                each.nextAttemptNanos = soon;
    }

    private void unblock(Upload upload) {
        upload.blockers--;
        if (upload.blockers == 0 && !upload.isOver()) enter(upload);
    }

    private void end(Upload upload, State state) {
        upload.become(state);
        all.remove(upload.id());
        ready.get(upload.shipment().kind()).remove(upload.id());
        resting.remove(upload);
        last.remove(upload.shipment().kind(), upload);
        for (Upload each : upload.followers) unblock(each);
    }

    /// It is tried again, after a pause with full jitter.
    void again(Upload upload) {
        int doublings = Math.min(upload.attempts - 1, 30);
        long bound = Math.min(PAUSE_LONGEST, PAUSE_FIRST << Math.max(0, doublings));
        upload.nextAttemptNanos =
                env.nanoTime() + Long.remainderUnsigned(env.randomLong(), bound + 1);
        upload.become(State.RESTING);
        resting.add(upload);
    }

    /// It is tried again as soon as there is a slot, or a probe.
    void repeat(Upload upload) {
        enter(upload);
    }

    /// It will never be done, nor what needs it.
    void fail(Upload upload, Throwable why) {
        upload.lastError = why;
        endWithDependents(upload, State.FAILED);
    }

    /// It is not wanted any more, so what needs it cannot be done either.
    void cancel(Upload upload) {
        endWithDependents(upload, State.CANCELLED);
    }

    // A list and not a recursion: a chain may be long.
    private void endWithDependents(Upload first, State state) {
        var ending = new ArrayList<Upload>(List.of(first));
        for (int i = 0; i < ending.size(); i++) {
            Upload each = ending.get(i);
            if (each.isOver()) continue;
            if (each != first && state == State.FAILED) each.lastError = failureBehind(first);
            end(each, state);
            ending.addAll(each.dependents);
        }
    }

    private static Throwable failureBehind(Upload lost) {
        Throwable why = lost.lastError;
        return why == null ? lost.notDone(null) : why;
    }

    /// Those that have not ended, oldest first.
    List<Upload> all() {
        return List.copyOf(all.values());
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    int size() {
        return all.size();
    }

    /// Attempts under way, of cancelled ones too.
    int running() {
        int sum = 0;
        for (int each : running.values()) sum += each;
        return sum;
    }

    /// True if something waits and nothing at all will set it going.
    boolean isStalled() {
        return !all.isEmpty()
                && running() == 0
                && resting.isEmpty()
                && !park.isParked()
                && nextKind() == null;
    }

    /// How long until something may be tried that may not be tried now.
    long nanosToNext() {
        long least = firstReady() == null ? Long.MAX_VALUE : park.nanosToProbe();
        long now = env.nanoTime();
        for (Upload each : resting) least = Math.min(least, each.nextAttemptNanos - now);
        return Math.max(0, least);
    }
}

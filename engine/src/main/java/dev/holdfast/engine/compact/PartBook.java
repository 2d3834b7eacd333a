package dev.holdfast.engine.compact;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.board.WorkBoard.Claimed;
import dev.holdfast.engine.compact.CompactionJob.Gathered;
import dev.holdfast.engine.compact.CompactionJob.Part;
import dev.holdfast.format.work.FinishedTable;
import dev.holdfast.format.work.PartClaim;
import dev.holdfast.format.work.PartKey;
import dev.holdfast.format.work.PartResult;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Whose hands each part of one attempt at a compaction is in.
///
/// ```
/// NOBODY --> OURS --------------------------------> DONE
///   | ^                                              ^
///   v |      OFFERED --> CLAIMING --> OURS           |
///   +-|------^  |            |                       |
///     |         +--------> THEIRS --> TO_CHECK --> CHECKING
///     +-------------------------------------------+
/// ```
///
/// Whatever is not DONE when the attempt breaks off is LOST. Invariants:
/// 1. A part is in one thread's or one worker's hands at a time; it ends once, DONE or LOST.
/// 2. What counts as finished of a part was checked by this process, or written by it.
/// 3. Whether a worker lives is judged by changes seen on this machine's own clock.
///
/// Thread-safe. It does no I/O.
final class PartBook {
    private static final int BEATS_MISSED_MAX = 4;
    private static final int BEATS_WITHOUT_STEP_MAX = 40;
    private static final int WORKERS_MAX = 4; // for one part; then it is done here
    // No wake-up comes from whoever cuts: it is looked for.
    private static final Duration LOOK = Duration.ofMillis(100);

    private final List<Entry> entries = new ArrayList<>();
    private final Env env;
    private final Duration beat;
    private final ReentrantLock guard = new ReentrantLock(); // never held over I/O
    private final WaitPoint change;
    private boolean isClosed;

    private enum Hands {
        NOBODY,
        OURS,
        OFFERED,
        CLAIMING,
        THEIRS,
        TO_CHECK,
        CHECKING,
        DONE,
        LOST
    }

    private static final class Entry {
        private final int number;
        private PartKey key;
        private Part part;
        private final Part whole;
        private final List<FinishedTable> finished = new ArrayList<>();
        private Hands hands = Hands.NOBODY;
        private boolean isForUsAlone;
        private @Nullable Report report; // to be checked
        private @Nullable PartClaim claim;
        private @Nullable Deadline nextLook;
        private @Nullable Deadline silent;
        private @Nullable Deadline still;

        Entry(int number, PartKey key, Gathered gathered) {
            this.number = number;
            this.key = key;
            part = gathered.part();
            whole = part;
            isForUsAlone = part.behind() != null; // elsewhere it would be taken for the whole
            if (gathered.finished().isEmpty() && !gathered.isDone()) return;
            report = new Report(gathered.finished(), gathered.isDone(), 0);
            hands = Hands.TO_CHECK;
        }
    }

    /// What somebody says has become of a part: all its tables.
    record Report(List<FinishedTable> finished, boolean isDone, long rowsRead) {}

    /// A part as it stands now.
    ///
    /// @param part what is left of it
    /// @param finished what is there of it
    record Standing(int number, PartKey key, Part part, Part whole, List<FinishedTable> finished) {}

    /// What a thread is to do next.
    sealed interface Turn {
        Standing standing();

        /// To work on a part.
        record Work(Standing standing) implements Turn {}

        /// To claim a part that was offered to workers, and then work on it.
        record Claim(Standing standing) implements Turn {}

        /// To look at what was reported of a part.
        record Check(Standing standing, Report report) implements Turn {}
    }

    /// @param first the key of the first part at its first attempt
    PartBook(List<Gathered> parts, PartKey first, Duration beat, Env env) {
        this.env = env;
        this.beat = beat;
        change = new WaitPoint(guard, WaitKind.OTHER, "a part of a compaction", "its workers");
        for (int i = 0; i < parts.size(); i++) {
            var key = new PartKey(first.job(), first.epoch(), first.round(), i, first.attempt());
            entries.add(new Entry(i, key, parts.get(i)));
        }
    }

    /// Waits until there is something to do; null once there never will be, or `isCut` became true.
    @Nullable Turn next(BooleanSupplier isCut, Token token) throws InterruptedException {
        guard.lock();
        try {
            while (!isCut.getAsBoolean() && !token.isCancelled()) {
                if (isOverNow()) return null;
                Turn turn = turn();
                if (turn != null) return turn;
                change.await(this::hasTurn, Deadline.after(env, LOOK), token);
            }
            return null;
        } finally {
            guard.unlock();
        }
    }

    private boolean hasTurn() {
        return isOverNow()
                || entries.stream()
                        .anyMatch(each ->
                                each.hands == Hands.TO_CHECK
                                        || each.hands == Hands.NOBODY
                                        || each.hands == Hands.OFFERED);
    }

    // What was reported comes first: it goes to waste if this process dies.
    private @Nullable Turn turn() {
        Entry reported = first(each -> each.hands == Hands.TO_CHECK);
        if (reported != null && reported.report != null) {
            reported.hands = Hands.CHECKING;
            return new Turn.Check(standing(reported), reported.report);
        }
        Entry free = first(each -> each.hands == Hands.NOBODY);
        if (free != null) {
            free.hands = Hands.OURS;
            return new Turn.Work(standing(free));
        }
        Entry offered = first(each -> each.hands == Hands.OFFERED);
        if (offered == null) return null;
        offered.hands = Hands.CLAIMING;
        return new Turn.Claim(standing(offered));
    }

    private @Nullable Entry first(Predicate<Entry> condition) {
        return entries.stream().filter(condition).findFirst().orElse(null);
    }

    private static Standing standing(Entry entry) {
        return new Standing(
                entry.number, entry.key, entry.part, entry.whole, List.copyOf(entry.finished));
    }

    private List<Standing> all(Predicate<Entry> condition) {
        return entries.stream().filter(condition).map(PartBook::standing).toList();
    }

    /// How our claim to an offered part ended.
    void claimed(PartKey key, Claimed outcome) {
        change(
                key,
                Hands.CLAIMING,
                entry -> {
                    if (outcome == Claimed.OURS) entry.hands = Hands.OURS;
                    else giveToThem(entry);
                });
    }

    private void giveToThem(Entry entry) {
        entry.hands = Hands.THEIRS;
        entry.claim = null;
        entry.nextLook = Deadline.after(env, beat);
        entry.silent = Deadline.after(env, beat.multipliedBy(BEATS_MISSED_MAX));
        entry.still = Deadline.after(env, beat.multipliedBy(BEATS_WITHOUT_STEP_MAX));
    }

    /// A table of a part that is in our hands is there.
    void wrote(int number, FinishedTable table) {
        guard.lock();
        try {
            entries.get(number).finished.add(table);
        } finally {
            guard.unlock();
        }
    }

    /// A part that was in our hands is done.
    void done(int number) {
        end(number, Hands.DONE);
    }

    /// Nothing more will come of a part that was in our hands in this attempt.
    void lost(int number) {
        end(number, Hands.LOST);
    }

    private void end(int number, Hands end) {
        guard.lock();
        try {
            entries.get(number).hands = end;
            change.signalAll();
        } finally {
            guard.unlock();
        }
    }

    /// What was checked turned out to be so, or ended too early: `tables` are there, and the part
    /// goes on behind them.
    void goOnBehind(int number, List<FinishedTable> tables) {
        guard.lock();
        try {
            Entry entry = entries.get(number);
            entry.finished.addAll(tables);
            if (!tables.isEmpty()) entry.part = entry.part.behind(tables.getLast().table());
            entry.hands = Hands.NOBODY;
            entry.report = null;
            entry.key = entry.key.next();
            if (WORKERS_MAX < entry.key.attempt()) entry.isForUsAlone = true;
            change.signalAll();
        } finally {
            guard.unlock();
        }
    }

    /// What was reported was wrong: nobody else gets this part.
    void distrust(int number) {
        guard.lock();
        try {
            entries.get(number).isForUsAlone = true;
        } finally {
            guard.unlock();
        }
    }

    /// The parts that nobody has begun; from now on they are offered.
    List<Standing> toOffer() {
        guard.lock();
        try {
            Predicate<Entry> free = each -> each.hands == Hands.NOBODY && !each.isForUsAlone;
            List<Standing> offered = isClosed ? List.of() : all(free);
            for (Standing each : offered) entries.get(each.number()).hands = Hands.OFFERED;
            change.signalAll();
            return offered;
        } finally {
            guard.unlock();
        }
    }

    /// True if a part waits that may be offered.
    boolean hasToOffer() {
        guard.lock();
        try {
            return first(each -> each.hands == Hands.NOBODY && !each.isForUsAlone) != null;
        } finally {
            guard.unlock();
        }
    }

    /// The parts that are offered, and not known to be claimed.
    List<Standing> offered() {
        return locked(each -> each.hands == Hands.OFFERED);
    }

    /// The parts that workers have.
    List<Standing> theirs() {
        return locked(each -> each.hands == Hands.THEIRS);
    }

    /// Those of [#theirs] whose claim is to be looked at.
    List<Standing> dueForALook() {
        return locked(each ->
                each.hands == Hands.THEIRS && each.nextLook != null && each.nextLook.isExpired());
    }

    /// Those of [#theirs] that have shown no sign of life, or no progress, for too long.
    List<Standing> silent() {
        return locked(each ->
                each.hands == Hands.THEIRS && (isExpired(each.silent) || isExpired(each.still)));
    }

    private static boolean isExpired(@Nullable Deadline deadline) {
        return deadline != null && deadline.isExpired();
    }

    private List<Standing> locked(Predicate<Entry> condition) {
        guard.lock();
        try {
            return all(condition);
        } finally {
            guard.unlock();
        }
    }

    /// A worker was seen to have claimed the part.
    void isTheirs(PartKey key) {
        change(key, Hands.OFFERED, this::giveToThem);
    }

    /// The claim was looked at; null if it could not be seen.
    void saw(PartKey key, @Nullable PartClaim claim) {
        change(
                key,
                Hands.THEIRS,
                entry -> {
                    entry.nextLook = Deadline.after(env, beat);
                    if (claim == null) return;
                    PartClaim before = entry.claim;
                    if (before != null && claim.beat() <= before.beat()) return;
                    entry.silent = Deadline.after(env, beat.multipliedBy(BEATS_MISSED_MAX));
                    if (before == null || before.steps() < claim.steps())
                        entry.still =
                                Deadline.after(env, beat.multipliedBy(BEATS_WITHOUT_STEP_MAX));
                    entry.claim = claim;
                });
    }

    /// The claimant of the part as last seen; null if none was.
    @Nullable Ulid claimant(PartKey key) {
        guard.lock();
        try {
            Entry entry = current(key, Hands.THEIRS);
            return entry == null || entry.claim == null ? null : entry.claim.claimant();
        } finally {
            guard.unlock();
        }
    }

    /// A worker has reported. True if the report is of the current attempt.
    boolean reported(PartKey key, PartResult result) {
        var report =
                new Report(
                        result.finished(),
                        result.ending() == PartResult.Ending.DONE,
                        result.rowsRead());
        return change(
                key,
                Hands.THEIRS,
                entry -> {
                    entry.hands = Hands.TO_CHECK;
                    entry.report = report;
                    if (result.ending() == PartResult.Ending.FAILED) entry.isForUsAlone = true;
                });
    }

    /// The worker is given up; what it has shown of its tables is to be checked. True if it was the
    /// current one.
    boolean reclaim(PartKey key) {
        return change(
                key,
                Hands.THEIRS,
                entry -> {
                    entry.hands = Hands.TO_CHECK;
                    List<FinishedTable> shown =
                            entry.claim == null ? entry.finished : entry.claim.finished();
                    entry.report = new Report(List.copyOf(shown), false, 0);
                });
    }

    private boolean change(PartKey key, Hands from, java.util.function.Consumer<Entry> edit) {
        guard.lock();
        try {
            Entry entry = current(key, from);
            if (entry == null) return false;
            edit.accept(entry);
            change.signalAll();
            return true;
        } finally {
            guard.unlock();
        }
    }

    private @Nullable Entry current(PartKey key, Hands hands) {
        Entry entry = key.part() < entries.size() ? entries.get(key.part()) : null;
        return entry != null && entry.key.equals(key) && entry.hands == hands ? entry : null;
    }

    /// Ends the attempt: what no thread of ours has in its hands is lost. Answers how many parts.
    int close() {
        guard.lock();
        try {
            isClosed = true;
            int lost = 0;
            for (Entry each : entries) {
                boolean isInOurHands =
                        each.hands == Hands.OURS
                                || each.hands == Hands.CHECKING
                                || each.hands == Hands.CLAIMING;
                if (isInOurHands || isEnded(each)) continue;
                each.hands = Hands.LOST;
                lost++;
            }
            change.signalAll();
            return lost;
        } finally {
            guard.unlock();
        }
    }

    private static boolean isEnded(Entry entry) {
        return entry.hands == Hands.DONE || entry.hands == Hands.LOST;
    }

    /// True once every part has ended.
    boolean isOver() {
        guard.lock();
        try {
            return isOverNow();
        } finally {
            guard.unlock();
        }
    }

    private boolean isOverNow() {
        return isClosed || entries.stream().allMatch(PartBook::isEnded);
    }
}

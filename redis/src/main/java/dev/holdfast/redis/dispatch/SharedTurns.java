package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.net.FlushGroup;
import dev.holdfast.redis.dispatch.JoinedTurns.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Takes the turns of connections whose input has come together: one run of the keyspace, one
/// commit.
///
/// Who brings the input finds out what it asks for. Calls that only look at rows in memory it runs
/// itself, as long as they are few, and calls that write, if that can be done without waiting: that
/// takes less than to have another thread do it. For all else there is one thread. What comes while
/// a run that writes is under way is gathered for the next. Nobody is held up by what takes long:
/// such calls are left to the connections' own threads, and so is what only reads as long as a run
/// is late, and all else when it is very late. Thread-safe.
final class SharedTurns {
    private static final System.Logger LOG = System.getLogger(SharedTurns.class.getName());
    private static final int AT_ONCE_MAX = 128; // whoever is first waits for the last
    private static final int LOOKS_MAX =
            128; // arguments of calls; more are sooner done by two threads
    private static final int WRITES_MAX = 512; // the same of what is to be written
    private static final long HELD_BYTES_MAX = 256 * 1024;
    private static final long LATE_NANOS = 20_000_000;
    // By itself each would wait for the same as the run, and take more of the processor.
    private static final long WRITES_LATE_NANOS = 500_000_000;
    private static final long REFUSED_NANOS = 5_000_000; // for so long no commit at once is tried
    private static final long SLOW_NANOS = 100_000; // a run at once that takes longer, with
    private static final long SLOW_NANOS_EACH = 10_000; // so much for each argument, is slow
    private static final int SLOW_PART_OF = 16; // of a loop's time: it has others to look after

    private final Env env;
    private final Dispatcher dispatcher;
    private final ReentrantLock guard = new ReentrantLock(); // held for moments

    // guarded by guard
    private List<SharedTurn> came = new ArrayList<>();
    private List<SharedTurn> waiting = new ArrayList<>(); // for the thread that takes
    private boolean isTaking; // the thread, or an event loop that commits itself
    private long begunNanos;
    private long atOnceFrom; // nanoTime from which a commit at once is tried again

    // of the thread that takes
    private final FlushGroup replies = new FlushGroup();
    private final JoinedTurns reading;
    private final JoinedTurns writing;

    SharedTurns(Env env, Dispatcher dispatcher) {
        this.env = env;
        this.dispatcher = dispatcher;
        atOnceFrom = env.nanoTime();
        reading = joined(Way.READING, replies);
        writing = joined(Way.WRITING, replies);
    }

    private JoinedTurns joined(Way way, FlushGroup group) {
        return new JoinedTurns(dispatcher, way, new JoinedCalls(env, HELD_BYTES_MAX), group);
    }

    /// Has `turn` taken with the others, soon after [#take].
    void add(SharedTurn turn) {
        guard.lock();
        try {
            came.add(turn);
        } finally {
            guard.unlock();
        }
    }

    /// Takes what was added. Does not wait.
    void take() {
        List<SharedTurn> turns;
        guard.lock();
        try {
            if (came.isEmpty()) return;
            turns = came;
            came = new ArrayList<>();
        } finally {
            guard.unlock();
        }
        var group = new FlushGroup();
        JoinedTurns looking = joined(Way.LOOKING, group);
        List<SharedTurn> others = sorted(turns, looking, group);
        boolean areFew = areFewWrites(others);
        if (!areFew) attempt(() -> handOver(others));
        List<SharedTurn> more = run(looking, group);
        if (!more.isEmpty()) attempt(() -> handOver(more));
        if (areFew) attempt(() -> write(others, group));
    }

    // Whatever breaks, nobody stays lent, and who takes turns next can begin.
    private void write(List<SharedTurn> turns, FlushGroup group) {
        if (!tryBegin()) {
            handOver(turns);
            return;
        }
        List<SharedTurn> left = new ArrayList<>();
        try {
            Throwable broken = Task.attempt(() -> left.addAll(runAtOnce(turns, group)));
            if (broken != null) for (SharedTurn turn : turns) JoinedTurns.breakOff(turn, broken);
        } finally {
            passOn(left);
        }
    }

    private List<SharedTurn> runAtOnce(List<SharedTurn> turns, FlushGroup group) {
        JoinedTurns here = joined(Way.AT_ONCE, group);
        turns.forEach(here::add);
        long slow = SLOW_NANOS + SLOW_NANOS_EACH * arguments(turns);
        long begun = env.nanoTime();
        List<SharedTurn> left = run(here, group);
        long took = env.nanoTime() - begun;
        if (here.wasRefused()) rest(REFUSED_NANOS);
        if (slow < took) rest(SLOW_PART_OF * took);
        return left;
    }

    // Returns those who have more to do.
    private static List<SharedTurn> run(JoinedTurns joined, FlushGroup group) {
        List<SharedTurn> more = new ArrayList<>();
        Throwable broken = attempt(() -> joined.run(() -> {}, more));
        if (broken != null) {
            joined.breakOff(broken);
            more.clear();
        }
        attempt(group::flush);
        return more;
    }

    // What breaks here is met by the next who comes; those that look are no part of it.
    private static @Nullable Throwable attempt(Task.Body body) {
        Throwable broken = Task.attempt(body);
        if (broken != null)
            LOG.log(System.Logger.Level.ERROR, "turns of several clients broke", broken);
        return broken;
    }

    // Those that are not in `looking`, and not at their end.
    private static List<SharedTurn> sorted(
            List<SharedTurn> turns, JoinedTurns looking, FlushGroup group) {
        List<SharedTurn> others = new ArrayList<>();
        int arguments = 0;
        for (SharedTurn turn : turns) {
            if (JoinedTurns.isBroken(turn, turn::begin)) continue;
            if (turn.calls().isEmpty()) {
                JoinedTurns.end(turn, group, others::add);
            } else if (turn.looks() && arguments < LOOKS_MAX) {
                looking.add(turn);
                arguments += turn.arguments();
            } else {
                others.add(turn);
            }
        }
        return others;
    }

    private static boolean areFewWrites(List<SharedTurn> turns) {
        for (SharedTurn turn : turns) if (!turn.writes() || !turn.steps()) return false;
        return !turns.isEmpty() && arguments(turns) <= WRITES_MAX;
    }

    private static int arguments(List<SharedTurn> turns) {
        int arguments = 0;
        for (SharedTurn turn : turns) arguments += turn.arguments();
        return arguments;
    }

    // False if somebody is taking turns, or if that was of no use a moment ago.
    private boolean tryBegin() {
        guard.lock();
        try {
            long now = env.nanoTime();
            if (isTaking || now - atOnceFrom < 0) return false;
            begunNanos = now;
            isTaking = true;
            return true;
        } finally {
            guard.unlock();
        }
    }

    // Whoever took turns takes no more: what is left, and what came meanwhile, the thread does.
    private void passOn(List<SharedTurn> left) {
        guard.lock();
        try {
            isTaking = false;
            waiting.addAll(left);
            if (!waiting.isEmpty()) startTaking();
        } finally {
            guard.unlock();
        }
    }

    // What was refused, or takes long, as all does in a young process, is left to the thread.
    private void rest(long nanos) {
        guard.lock();
        try {
            long from = env.nanoTime() + nanos;
            if (0 < from - atOnceFrom) atOnceFrom = from;
        } finally {
            guard.unlock();
        }
    }

    // With the guard held.
    private void startTaking() {
        begunNanos = env.nanoTime();
        env.start("turns of several clients", this::takeAll);
        isTaking = true;
    }

    // Who brings more sees to it that nobody waits for a run that is late.
    private void handOver(List<SharedTurn> turns) {
        List<SharedTurn> late;
        guard.lock();
        try {
            waiting.addAll(turns);
            if (waiting.isEmpty()) return;
            if (!isTaking) {
                startTaking();
                return;
            }
            late = takeLate(env.nanoTime() - begunNanos);
        } finally {
            guard.unlock();
        }
        for (SharedTurn turn : late) JoinedTurns.isBroken(turn, turn::giveUp);
    }

    // Of those who wait: who should not wait for a run that began so long ago.
    private List<SharedTurn> takeLate(long nanos) {
        List<SharedTurn> late = new ArrayList<>();
        if (nanos < LATE_NANOS) return late;
        List<SharedTurn> others = new ArrayList<>();
        for (SharedTurn turn : waiting) {
            boolean mayWait = turn.writes() && nanos < WRITES_LATE_NANOS;
            (mayWait ? others : late).add(turn);
        }
        waiting = others;
        return late;
    }

    private void takeAll() {
        List<SharedTurn> turns = next(List.of());
        while (!turns.isEmpty()) turns = next(taken(turns));
    }

    // Those who have more to do. Whatever breaks, the next are taken, and nobody stays lent.
    private List<SharedTurn> taken(List<SharedTurn> turns) {
        List<SharedTurn> more = new ArrayList<>();
        Throwable broken = Task.attempt(() -> take(turns, more));
        replies.flush();
        if (broken == null) return more;
        reading.clear();
        writing.clear();
        more.clear();
        for (SharedTurn turn : turns) JoinedTurns.breakOff(turn, broken);
        return more;
    }

    private List<SharedTurn> next(List<SharedTurn> more) {
        guard.lock();
        try {
            waiting.addAll(more);
            List<SharedTurn> all = waiting;
            int count = Math.min(AT_ONCE_MAX, all.size());
            waiting = new ArrayList<>(all.subList(count, all.size()));
            isTaking = 0 < count;
            begunNanos = env.nanoTime();
            return all.subList(0, count);
        } finally {
            guard.unlock();
        }
    }

    // Many runs are not one that is late.
    private void begin() {
        guard.lock();
        try {
            begunNanos = env.nanoTime();
        } finally {
            guard.unlock();
        }
    }

    private void take(List<SharedTurn> turns, List<SharedTurn> more) {
        for (SharedTurn turn : turns) {
            if (JoinedTurns.isBroken(turn, turn::begin)) continue;
            if (turn.calls().isEmpty()) JoinedTurns.end(turn, replies, more::add);
            else (turn.writes() ? writing : reading).add(turn);
        }
        reading.run(this::begin, more);
        replies.flush();
        writing.run(this::begin, more);
    }
}

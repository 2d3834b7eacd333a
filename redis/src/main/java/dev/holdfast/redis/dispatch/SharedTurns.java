package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.net.FlushGroup;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.keyspace.Executed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Takes the turns of connections whose input has come together: one thread for all of them, one
/// run of the keyspace, one commit.
///
/// What comes while a run is under way is gathered for the next. Nobody is held up by what takes
/// long: such calls are left to the connections' own threads, and so is everything as long as a run
/// is late. Thread-safe.
final class SharedTurns {
    private static final System.Logger LOG = System.getLogger(SharedTurns.class.getName());
    private static final int AT_ONCE_MAX = 128; // whoever is first waits for the last
    private static final long HELD_BYTES_MAX = 256 * 1024;
    private static final long LATE_NANOS = 20_000_000;

    private final Env env;
    private final Dispatcher dispatcher;
    private final ReentrantLock guard = new ReentrantLock(); // held for moments

    // guarded by guard
    private List<SharedTurn> waiting = new ArrayList<>();
    private boolean isTaking;
    private long begunNanos;

    // of the thread that takes
    private final Together reading;
    private final Together writing;
    private final FlushGroup replies = new FlushGroup();

    SharedTurns(Env env, Dispatcher dispatcher) {
        this.env = env;
        this.dispatcher = dispatcher;
        reading = new Together(new JoinedCalls(env, HELD_BYTES_MAX));
        writing = new Together(new JoinedCalls(env, HELD_BYTES_MAX));
    }

    /// Has `turn` taken with the others, soon after [#take].
    void add(SharedTurn turn) {
        guard.lock();
        try {
            waiting.add(turn);
        } finally {
            guard.unlock();
        }
    }

    /// Takes what was added.
    void take() {
        List<SharedTurn> late;
        guard.lock();
        try {
            if (waiting.isEmpty()) return;
            if (!isTaking) {
                begunNanos = env.nanoTime();
                env.start("turns of several clients", this::takeAll);
                isTaking = true;
                return;
            }
            if (env.nanoTime() - begunNanos < LATE_NANOS) return;
            late = waiting;
            waiting = new ArrayList<>();
        } finally {
            guard.unlock();
        }
        late.forEach(SharedTurn::giveUp);
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
        for (SharedTurn turn : turns) breakOff(turn, broken);
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
            if (isBroken(turn, turn::begin)) continue;
            if (turn.calls().isEmpty()) end(turn, more);
            else (turn.writes() ? writing : reading).add(turn);
        }
        reading.run(more);
        replies.flush();
        writing.run(more);
    }

    private void end(SharedTurn turn, List<SharedTurn> more) {
        var isOver = new boolean[1];
        if (!isBroken(turn, () -> isOver[0] = turn.end(replies)) && !isOver[0]) more.add(turn);
    }

    // What breaks in one turn ends the connection, and must not keep the turns of others.
    private static boolean isBroken(SharedTurn turn, Task.Body body) {
        Throwable broken = Task.attempt(body);
        if (broken != null) breakOff(turn, broken);
        return broken != null;
    }

    private static void breakOff(SharedTurn turn, Throwable broken) {
        LOG.log(System.Logger.Level.ERROR, "a turn broke, the connection ends", broken);
        turn.breakOff();
    }

    /// Turns whose calls are run as one.
    private final class Together {
        private final JoinedCalls calls;
        private final List<SharedTurn> turns = new ArrayList<>(); // by call

        Together(JoinedCalls calls) {
            this.calls = calls;
        }

        void add(SharedTurn turn) {
            for (JoinedCalls.Call call : turn.calls()) {
                calls.add(call);
                turns.add(turn);
            }
        }

        // A turn ends with its last call: it need not wait for those behind it.
        void run(List<SharedTurn> more) {
            for (int done = 0; done < turns.size(); ) {
                int first = done;
                done += runFrom(first);
                for (int i = first; i < done; i++) if (isLastOfTurn(i)) end(turns.get(i), more);
            }
            clear();
        }

        void clear() {
            calls.clear();
            turns.clear();
        }

        private boolean isLastOfTurn(int index) {
            return index + 1 == turns.size() || turns.get(index + 1) != turns.get(index);
        }

        private int runFrom(int first) {
            if (turns.get(first).hasLeft()) {
                turns.get(first).leave(calls.calls().get(first));
                return 1;
            }
            begin();
            List<Executed<Integer>> run = new ArrayList<>(1);
            Throwable broken = Task.attempt(() -> run.add(dispatcher.runInPassing(calls, first)));
            if (broken != null) return breakAll(first, broken);
            Executed<Integer> executed = run.getFirst();
            if (executed.result() == 0) return leaveAll(first);
            for (int i = 0; i < executed.result(); i++)
                settle(first + i, calls.answers().get(i), executed.seq());
            return executed.result();
        }

        private void settle(int index, JoinedCalls.Answer answer, long seq) {
            Reply reply = answer.reply();
            if (reply == null) {
                turns.get(index).leave(calls.calls().get(index));
                return;
            }
            // Of what was only read each waits for what it has seen itself.
            turns.get(index).answer(reply, this == writing ? seq : answer.seq());
            dispatcher.note(calls, index, answer);
        }

        private int leaveAll(int first) {
            for (int i = first; i < turns.size(); i++) turns.get(i).leave(calls.calls().get(i));
            return turns.size() - first;
        }

        // Nobody knows what was done.
        private int breakAll(int first, Throwable broken) {
            for (int i = first; i < turns.size(); i++)
                if (isLastOfTurn(i)) breakOff(turns.get(i), broken);
            return turns.size() - first;
        }
    }
}

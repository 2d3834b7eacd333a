package dev.holdfast.redis.dispatch;

import dev.holdfast.lifecycle.Task;
import dev.holdfast.net.FlushGroup;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.keyspace.Executed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Turns whose calls are run as one. Not thread-safe.
final class JoinedTurns {
    private static final System.Logger LOG = System.getLogger(JoinedTurns.class.getName());

    private final Dispatcher dispatcher;
    private final Way way;
    private final FlushGroup replies;
    private final JoinedCalls calls;
    private final List<SharedTurn> turns = new ArrayList<>(); // by call
    private boolean wasRefused;

    /// What their calls are.
    enum Way {
        /// They look at single keys, on a thread that must not wait.
        LOOKING,
        /// They change nothing.
        READING,
        /// Some change data, on a thread that must not wait.
        AT_ONCE,
        /// Some change data.
        WRITING;

        boolean mayWait() {
            return this == READING || this == WRITING;
        }

        boolean writes() {
            return this == AT_ONCE || this == WRITING;
        }
    }

    /// @param replies what may be sent at once goes with
    JoinedTurns(Dispatcher dispatcher, Way way, JoinedCalls calls, FlushGroup replies) {
        this.dispatcher = dispatcher;
        this.way = way;
        this.calls = calls;
        this.replies = replies;
    }

    void add(SharedTurn turn) {
        for (JoinedCalls.Call call : turn.calls()) {
            calls.add(call);
            turns.add(turn);
        }
    }

    /// Runs all calls; on a thread that must not wait those of one run, which may come to its
    /// bounds before it is through. A turn ends with its last call: it need not wait for those
    /// behind it.
    ///
    /// @param beforeEach done before each run
    /// @param more is given turns that have more to do, or were not run
    void run(Runnable beforeEach, List<SharedTurn> more) {
        for (int done = 0; done < turns.size(); ) {
            int first = done;
            beforeEach.run();
            done += runFrom(first);
            for (int i = first; i < done; i++)
                if (isLastOfTurn(i)) end(turns.get(i), replies, more::add);
            if (!way.mayWait()) {
                wasRefused = done == 0;
                passOn(done, more);
                break;
            }
        }
        clear();
    }

    /// True if the run, on a thread that must not wait, could not be: nothing was done.
    boolean wasRefused() {
        return wasRefused;
    }

    // Who was answered in part has the rest done by its own thread, so that replies are few.
    private void passOn(int first, List<SharedTurn> more) {
        int next = first;
        for (; 0 < next && next < turns.size() && !isLastOfTurn(next - 1); next++)
            turns.get(next).leave(calls.calls().get(next));
        if (first < next) end(turns.get(first), replies, more::add);
        for (; next < turns.size(); next++) if (isLastOfTurn(next)) more.add(turns.get(next));
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
        List<Executed<Integer>> run = new ArrayList<>(1);
        Throwable broken = Task.attempt(() -> run.add(runOnce(first)));
        if (broken != null) return breakAll(first, broken);
        Executed<Integer> executed = run.getFirst();
        if (executed.result() == 0) return way == Way.AT_ONCE ? 0 : leaveAll(first);
        for (int i = 0; i < executed.result(); i++)
            settle(first + i, calls.answers().get(i), executed.seq());
        return executed.result();
    }

    private Executed<Integer> runOnce(int first) throws InterruptedException {
        return switch (way) {
            case LOOKING -> dispatcher.lookInPassing(calls, first);
            case AT_ONCE -> dispatcher.runAtOnce(calls, first);
            case READING, WRITING -> dispatcher.runInPassing(calls, first);
        };
    }

    private void settle(int index, JoinedCalls.Answer answer, long seq) {
        Reply reply = answer.reply();
        if (reply == null) {
            turns.get(index).leave(calls.calls().get(index));
            return;
        }
        // Of what was only read each waits for what it has seen itself.
        turns.get(index).answer(reply, way.writes() ? seq : answer.seq());
        dispatcher.note(calls, index, answer);
    }

    private int leaveAll(int first) {
        for (int i = first; i < turns.size(); i++) turns.get(i).leave(calls.calls().get(i));
        return turns.size() - first;
    }

    /// Ends the connections of all turns.
    void breakOff(Throwable broken) {
        breakAll(0, broken);
    }

    // Nobody knows what was done.
    private int breakAll(int first, Throwable broken) {
        for (int i = first; i < turns.size(); i++)
            if (isLastOfTurn(i)) breakOff(turns.get(i), broken);
        return turns.size() - first;
    }

    /// Ends `turn`, or gives it to `more` if it has more to do.
    static void end(SharedTurn turn, FlushGroup replies, Consumer<SharedTurn> more) {
        var isOver = new boolean[1];
        if (!isBroken(turn, () -> isOver[0] = turn.end(replies)) && !isOver[0]) more.accept(turn);
    }

    /// Does `body` for `turn`. What breaks in one turn ends the connection, and must not keep the
    /// turns of others.
    static boolean isBroken(SharedTurn turn, Task.Body body) {
        Throwable broken = Task.attempt(body);
        if (broken != null) breakOff(turn, broken);
        return broken != null;
    }

    /// Ends the connection of `turn`.
    static void breakOff(SharedTurn turn, Throwable broken) {
        LOG.log(System.Logger.Level.ERROR, "a turn broke, the connection ends", broken);
        turn.breakOff();
    }
}

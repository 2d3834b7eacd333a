package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.net.BytePipe;
import dev.holdfast.net.BytePipe.Reader;
import dev.holdfast.net.FlushGroup;
import dev.holdfast.net.PipeException;
import dev.holdfast.net.StandIn;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.dispatch.ReplyQueue.Told;
import dev.holdfast.redis.resp.ProtocolViolation;
import dev.holdfast.redis.resp.ReplyWriter;
import dev.holdfast.redis.resp.RequestParser;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The turns of one connection that are taken together with those of others, while its own thread
/// waits for input.
///
/// What cannot be done so is left to that thread, in order: calls that were not run, replies that
/// the client does not take at once. Of whoever has the connection's pipe.
final class SharedTurn implements StandIn {
    private static final int CALLS_MAX = 64;
    private static final long HALF_BYTES_MAX = 64 * 1024; // of a request whose rest is to come

    private final Connection connection;
    private final Parts parts;
    private final SharedTurns turns;
    private final List<JoinedCalls.Call> calls = new ArrayList<>();
    private final Deque<List<Bytes>> left = new ArrayDeque<>(); // requests, oldest first
    private @Nullable List<Bytes> behind; // a request that comes after all of these
    private boolean writes;
    private boolean looks;
    private boolean steps;
    private boolean isOwnThreadNeeded;
    private boolean isBrokenOff;
    private @Nullable Unsent unsent;
    private @Nullable Durability asked; // what the client wants these replies to wait for
    private long seq; // the highest that they tell of

    /// What the connection's own thread works with, too.
    record Parts(
            BytePipe pipe,
            RequestParser parser,
            ReplyWriter out,
            ReplyQueue replies,
            Dispatcher dispatcher) {}

    /// Replies that the connection's own thread has to send.
    private record Unsent(List<Bytes> segments, Told told) {}

    SharedTurn(Connection connection, Parts parts, SharedTurns turns) {
        this.connection = connection;
        this.parts = parts;
        this.turns = turns;
    }

    @Override
    public void came() {
        turns.add(this);
    }

    @Override
    public void allCame() {
        turns.take();
    }

    /// Has the connection's own thread do all that is left of it.
    void giveUp() {
        leaveAll();
        parts.pipe.giveBack(Reader.GOES_ON);
    }

    /// Finds out which calls have come, unless it has done so: then whether they may still be run
    /// here.
    void begin() {
        if (!calls.isEmpty()) {
            boolean mayGoOn =
                    connection.mayShareTurn()
                            && calls.stream().allMatch(parts.dispatcher::isJoinable);
            if (!mayGoOn) leaveAll();
            return;
        }
        writes = false;
        looks = true;
        steps = true;
        seq = 0;
        isOwnThreadNeeded =
                !connection.mayShareTurn()
                        || HALF_BYTES_MAX < parts.parser.buffered()
                        || hasRequest();
        if (isOwnThreadNeeded) return;
        asked = connection.session().durability();
        connection.receive(parts.pipe.takeLent());
        try {
            gather();
        } catch (ProtocolViolation _) {
            isOwnThreadNeeded = true; // it meets the same
        }
    }

    private void gather() throws ProtocolViolation {
        while (calls.size() < CALLS_MAX) {
            List<Bytes> request = parts.parser.next();
            if (request == null) {
                isOwnThreadNeeded = HALF_BYTES_MAX < parts.parser.buffered();
                return;
            }
            JoinedCalls.Call call =
                    Brevity.isBrief(request)
                            ? parts.dispatcher.joinable(connection.session(), request)
                            : null;
            if (call == null || !Brevity.isBrief(call)) {
                behind = request;
                isOwnThreadNeeded = true;
                return;
            }
            writes |= call.writes();
            looks &= Brevity.isLook(call);
            steps &= Brevity.isStep(call);
            calls.add(call);
        }
        isOwnThreadNeeded = parts.parser.isInsideRequest();
    }

    /// What is to be run, in order.
    List<JoinedCalls.Call> calls() {
        return calls;
    }

    /// True if one of them may change data.
    boolean writes() {
        return writes;
    }

    /// True if all of them look at single rows and change nothing.
    boolean looks() {
        return looks;
    }

    /// True if all of them look at single rows and change single rows, but for rare cases.
    boolean steps() {
        return steps;
    }

    /// How many arguments they have: at about so many rows they look.
    int arguments() {
        int arguments = 0;
        for (JoinedCalls.Call call : calls) arguments += call.words().size() - 1;
        return arguments;
    }

    /// A call was answered.
    ///
    /// @param seq the highest sequence number that the reply tells of
    void answer(Reply reply, long seq) {
        Session session = connection.session();
        this.seq = Math.max(this.seq, Math.max(seq, Dispatcher.tell(session, parts.out)));
        parts.out.switchTo(session.protocol());
        reply.writeTo(parts.out);
    }

    /// A call was not run, and so none behind it is.
    void leave(JoinedCalls.Call call) {
        left.add(call.words());
    }

    private void leaveAll() {
        calls.forEach(this::leave);
        calls.clear();
    }

    /// True if a call was not run, so that none behind it may be.
    boolean hasLeft() {
        return !left.isEmpty();
    }

    /// Sends the replies and gives the connection back to its own thread. False if it still has it,
    /// because more has come meanwhile.
    ///
    /// @param group what may be sent at once goes with
    boolean end(FlushGroup group) {
        if (isBrokenOff) return true;
        if (!isSent(group) || !left.isEmpty()) isOwnThreadNeeded = true;
        calls.clear();
        return parts.pipe.giveBack(isOwnThreadNeeded ? Reader.GOES_ON : Reader.WAITS);
    }

    private boolean isSent(FlushGroup group) {
        if (parts.out.bytes() == 0 && seq == 0) return true;
        var told = new Told(seq, asked);
        List<Bytes> segments = parts.out.take();
        try {
            if (parts.replies.submitAtOnce(segments, told, group)) return true;
        } catch (PipeException broken) {
            return false; // as it hears when it reads
        }
        unsent = new Unsent(segments, told);
        return false;
    }

    /// Ends the connection: what became of its calls nobody knows.
    void breakOff() {
        connection.kill();
        isBrokenOff = true;
        parts.pipe.giveBack(Reader.GOES_ON);
    }

    /// Sends what could not be sent at once; by the connection's own thread.
    void catchUp() throws PipeException, InterruptedException {
        Unsent late = unsent;
        unsent = null;
        if (late != null) parts.replies.submit(late.segments, late.told);
    }

    /// True if there is a request that was read and not run.
    boolean hasRequest() {
        return behind != null || !left.isEmpty();
    }

    /// The oldest request that was read and not run; null if there is none.
    @Nullable List<Bytes> nextRequest() {
        List<Bytes> next = left.poll();
        if (next != null) return next;
        next = behind;
        behind = null;
        return next;
    }
}

package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.lifecycle.wait.WaitKind;
import dev.holdfast.lifecycle.wait.WaitPoint;
import dev.holdfast.net.BytePipe;
import dev.holdfast.net.PipeException;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Peer;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.ReplyMode;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.Session.Block;
import dev.holdfast.redis.dispatch.ReplyQueue.Told;
import dev.holdfast.redis.resp.Protocol;
import dev.holdfast.redis.resp.ProtocolViolation;
import dev.holdfast.redis.resp.ReplyWriter;
import dev.holdfast.redis.resp.RequestLimits;
import dev.holdfast.redis.resp.RequestParser;
import dev.holdfast.redis.server.ServerConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One client's connection: reads requests, runs them in order, sends the replies in order.
///
/// Runs on a thread of its own, turn by turn: a turn runs what has come, up to a limit that keeps a
/// client with a long pipeline from holding everybody up, and its replies go out together.
final class Connection implements Peer, Outflow {
    private static final int TURN_COMMANDS_MAX = 256;
    static final long TURN_BYTES_MAX = 256 * 1024;
    private static final long PIPELINED_BYTES_MAX = 32 * 1024;
    private static final int YIELDS_IN_A_ROW = 4;
    private static final Duration AUTHENTICATION_MAX = Duration.ofSeconds(10);
    private static final Duration HALF_REQUEST_MAX = Duration.ofSeconds(60);
    private static final long RECHECK = 1_000_000; // nanoseconds until a served call is asked again
    // At least so often it looks at what others have read for it: at half a request, too.
    private static final Duration UNHURRIED = Duration.ofMinutes(1);
    private static final Duration FAREWELL_MAX = Duration.ofSeconds(1);
    private static final Duration FAREWELL_TO_THE_IDLE_MAX = Duration.ofMillis(100);
    private static final long BUFFERED_WHILE_BLOCKED_MAX = 1024 * 1024;
    private static final Duration BLOCKED_LOOK = Duration.ofMillis(100);
    // Clients ask again on LOADING (Redisson, go-redis, redis-py) or on UNBLOCKED (Sidekiq).
    private static final Reply STOPPED =
            Reply.error("LOADING UNBLOCKED from a call that waits, the server stops, ask again");
    private static final Reply DISCARDED =
            Reply.error("EXECABORT Transaction discarded because the server stops");
    private static final Duration IDLE_MIN = Duration.ofSeconds(1);
    private final BytePipe pipe;
    private final Env env;
    private final ServerConfig config;
    private final Services services;
    private final ClientMemory memory;
    private final Session session;
    private final RequestParser parser;
    private final ReplyQueue replies;
    private final JoinedCalls pipelined;
    private final SharedTurn shared;
    private final Entrance entrance;
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitPoint turn;
    private final ReplyWriter out = new ReplyWriter(Protocol.RESP2);
    private volatile long pieceNanos;
    private volatile Turnout turnout = Turnout.SERVING;
    private volatile boolean isCaughtUp; // all that had come when the drain began is done
    private volatile boolean isSettled;
    private volatile boolean isTold; // all that it was to be told has been sent
    private volatile int takenBack; // how many stops were
    private int takenBackBefore; // as of the latest command
    // of the connection's own thread
    private int turnsInARow;
    private boolean wasMeasured;
    private long drainBytes;
    private @Nullable List<Bytes> held; // a request that the stop or a pause keeps from running
    private boolean isPaused; // it is a pause
    private long turnSeq; // the highest that the replies of this turn tell of
    private @Nullable Durability turnAsked; // what the client wants these replies to wait for

    Connection(
            BytePipe pipe,
            Services services,
            ClientMemory memory,
            Beside beside,
            Entrance entrance) {
        this.pipe = pipe;
        this.memory = memory;
        this.services = services;
        this.env = services.env();
        this.config = services.parts().config();
        this.pieceNanos = env.nanoTime();
        this.session = new Session(services.parts().clients().nextId(), this, pieceNanos);
        this.parser = new RequestParser(RequestLimits.defaults().withBulkMax(config.bulkMax()));
        this.replies = new ReplyQueue(pipe, services, entrance, beside.deferred(), session.who());
        this.pipelined = new JoinedCalls(env, PIPELINED_BYTES_MAX);
        var parts = new SharedTurn.Parts(pipe, parser, out, replies, services.dispatcher());
        this.shared = new SharedTurn(this, parts, beside.turns());
        String who = session.who();
        String resource = "the stop to go on, or to be taken back, for " + who;
        this.entrance = entrance;
        this.turn = new WaitPoint(lock, WaitKind.IDLE, resource, "stop of redis");
    }

    /// Who is on the other side, in a report.
    String who() {
        return session.who();
    }

    Session session() {
        return session;
    }

    /// Serves until the client leaves, is told to leave, or breaks off.
    void run() {
        try (pipe) {
            converse();
            sayGoodbye();
        } catch (PipeException ended) {
            if (ended.reason() == PipeException.Reason.STALLED)
                services.parts().stats().evictedOne();
        } catch (StorageException.Closed unknown) {
            // Whether the last request was applied nobody knows: no reply could be true.
            services.parts().stats().outcomeUnknown();
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        } finally {
            Block left = session.block();
            if (left != null) left.end(Reply.NONE);
            session.leave();
        }
    }

    /// Ends the connection before anything was asked.
    void turnAway() {
        try (pipe) {
            pipe.write(List.of(Refusals.STOPPING), FAREWELL_MAX);
            pipe.finish(FAREWELL_MAX);
        } catch (PipeException gone) {
            // it needs no word any more
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }

    /// Has what has come so far done and answered; what comes later waits, but for what changes
    /// nothing. From any thread, as are the two that follow.
    void drain() {
        if (turnout == Turnout.SERVING) isSettled = false;
        goTo(Turnout.SETTLING);
    }

    /// True if [#drain] was called and not taken back.
    boolean isDraining() {
        return turnout != Turnout.SERVING;
    }

    /// Ends the connection; only after [#drain].
    void leave() {
        goTo(Turnout.LEAVING);
    }

    /// True if the client has been sent all, its end included, and has yet to end its own side.
    boolean isTold() {
        return isTold && pipe.unsent() == 0;
    }

    /// Serves again: the stop was taken back. Whoever leaves already goes on to leave.
    void serveAgain() {
        takenBack++;
        if (turnout == Turnout.SETTLING) goTo(Turnout.SERVING);
    }

    /// True once what had come when the drain began is done and answered, as far as it can be.
    boolean isSettled() {
        if (!isSettled && isCaughtUp && turnout != Turnout.SERVING) isSettled = replies.isEmpty();
        return isSettled;
    }

    private void goTo(Turnout next) {
        turnout = next;
        wake();
    }

    @Override
    public void wake() {
        lock.lock();
        try {
            turn.signalAll();
        } finally {
            lock.unlock();
        }
        pipe.wake();
    }

    /// Cuts the client off because all clients together hold too much, and it holds most.
    void evict() {
        services.parts().stats().evictedOne();
        kill();
    }

    /// True if something is left for the client to take.
    boolean hasUnsent() {
        return 0 < pipe.unsent();
    }

    /// How many bytes the client has taken.
    long sent() {
        return pipe.sent();
    }

    @Override
    public String remoteAddress() {
        return pipe.remoteAddress();
    }

    @Override
    public String localAddress() {
        return pipe.localAddress();
    }

    @Override
    public long inputBytes() {
        return pipe.available();
    }

    @Override
    public long outputBytes() {
        return replies.bytes() + pipe.unsent() + session.outbox().bytes();
    }

    @Override
    public void kill() {
        pipe.close();
        replies.abandon();
    }

    private void converse() throws PipeException, InterruptedException {
        services.connectionCommands().welcome(session);
        if (isStranger()) {
            send(Reply.error(Refusals.PROTECTED));
            return;
        }
        pipe.lendTo(shared);
        try {
            serve();
        } catch (ProtocolViolation violation) {
            send(Reply.error(violation.text()));
        }
    }

    private boolean isStranger() {
        return config.isProtected()
                && services.dispatcher().guard().isOpenToAll()
                && !pipe.isLoopback();
    }

    private void serve() throws PipeException, InterruptedException, ProtocolViolation {
        while (session.ending() == Session.Ending.NONE) {
            Turnout seen = turnout;
            catchUp(seen);
            if (seen == Turnout.LEAVING && isCaughtUp) {
                excuse();
                return;
            }
            if (settleBlock() || !session.outbox().isEmpty() || isPauseOver(seen)) {
                runWhatCame();
                continue;
            }
            if (isHeldBack()) {
                awaitTurn(seen);
                runWhatCame();
                continue;
            }
            if (isFullWhileBlocked()) {
                if (pipe.isOver()) return;
                awaitBlock(seen);
                continue;
            }
            Bytes piece = pipe.read(patience());
            shared.catchUp();
            if (shared.hasRequest()) runWhatCame();
            if (piece == null) return;
            if (piece.isEmpty()) {
                if (isOverdue()) return;
                if (!parser.isInsideRequest()) continue;
            } else receive(piece);
            runWhatCame();
            memory.holds(this, parser.buffered());
        }
    }

    /// Takes bytes that have come.
    void receive(Bytes piece) {
        pieceNanos = env.nanoTime();
        drainBytes -= piece.length();
        services.parts().stats().received(piece.length());
        parser.feed(piece);
    }

    /// True if brief calls need nothing at present that only the connection's own thread does.
    boolean mayShareTurn() {
        if (session.isAuthenticated()) parser.trust();
        return turnout == Turnout.SERVING
                && session.isAuthenticated()
                && session.ending() == Session.Ending.NONE
                && session.block() == null
                && session.outbox().isEmpty()
                && !session.awaitsStop()
                && held == null
                && services.dispatcher().pauseLeft().isZero();
    }

    // What has come when the drain begins is done; what comes later waits for the end of the stop.
    private void catchUp(Turnout seen) {
        if (seen == Turnout.SERVING) {
            wasMeasured = false;
            isCaughtUp = false;
            if (!session.awaitsStop()) return;
        }
        if (!wasMeasured) drainBytes = pipe.available();
        wasMeasured = true;
        // What a pause has held up came before the drain.
        isCaughtUp = !isPaused && (drainBytes <= 0 || isHeldBack() || session.block() != null);
    }

    // Nobody who waits for an answer is left without one: a call that waits, or whatever is called
    // next between MULTI and EXEC.
    private void excuse() throws PipeException, InterruptedException {
        Block waiting = session.block();
        if (waiting == null && session.transaction().isOpen()) send(DISCARDED);
        if (waiting != null) waiting.end(STOPPED); // unless it was served just now
        settleBlock();
    }

    // True if the call that waited was answered.
    private boolean settleBlock() throws PipeException, InterruptedException {
        Block waiting = session.block();
        if (waiting == null) return false;
        if (waiting.nanosLeft(env.nanoTime()) == 0) waiting.expire();
        if (!waiting.isOver()) return false;
        session.unblock();
        out.switchTo(session.protocol());
        long seq = Dispatcher.tell(session, out);
        if (session.replyMode() == ReplyMode.ON) waiting.reply().writeTo(out);
        submit(new Told(Math.max(seq, waiting.seq()), session.durability()));
        return true;
    }

    // What comes behind a call that waits is kept, but not without bound.
    private boolean isFullWhileBlocked() {
        boolean isWaiting = session.block() != null || isPaused;
        return isWaiting && BUFFERED_WHILE_BLOCKED_MAX < parser.buffered();
    }

    private void awaitBlock(Turnout seen) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Deadline deadline = Deadline.after(env, BLOCKED_LOOK);
            turn.await(() -> turnout != seen || isUnblocked(), deadline, entrance.token());
        } finally {
            lock.unlock();
        }
    }

    // A stop ends it, too: what came before is done.
    private boolean isPauseOver(Turnout seen) {
        if (!isPaused || held == null) return false;
        return seen != Turnout.SERVING || !services.dispatcher().isPaused(session, held);
    }

    private boolean isUnblocked() {
        Block waiting = session.block();
        return waiting == null || waiting.isOver();
    }

    private boolean isHeldBack() {
        return held != null && !isPaused || session.awaitsStop();
    }

    private void awaitTurn(Turnout seen) throws PipeException, InterruptedException {
        lock.lockInterruptibly();
        try {
            Deadline deadline = Deadline.after(env, UNHURRIED);
            turn.await(
                    () -> turnout != seen || wasTakenBack() || !session.outbox().isEmpty(),
                    deadline,
                    entrance.token());
        } finally {
            lock.unlock();
        }
        if (!session.awaitsStop() || !wasTakenBack()) return;
        session.stopWasTakenBack();
        send(Reply.error("ERR Errors trying to SHUTDOWN. Check logs."));
    }

    private boolean wasTakenBack() {
        return takenBack != takenBackBefore && turnout == Turnout.SERVING;
    }

    private void runWhatCame() throws PipeException, InterruptedException, ProtocolViolation {
        boolean more = true;
        while (more && session.ending() == Session.Ending.NONE) {
            more = runTurn();
            if (more) giveWay();
        }
    }

    // Virtual threads of one carrier that only yield take turns among themselves without an end,
    // and a thread whose input has come, which is submitted from outside, waits as long. Where all
    // of them let go in earnest now and then, the carrier looks around.
    private void giveWay() {
        if (++turnsInARow % YIELDS_IN_A_ROW == 0) LockSupport.parkNanos(1);
        else Thread.yield();
    }

    // True if the turn ended because it was long enough, and more may have come.
    private boolean runTurn() throws PipeException, InterruptedException, ProtocolViolation {
        turnSeq = 0;
        turnAsked = session.durability();
        try {
            boolean more = runCommands();
            turnSeq = Math.max(turnSeq, Dispatcher.tell(session, out));
            memory.holds(this, parser.buffered() + out.bytes() + session.transaction().bytes());
            submit(new Told(turnSeq, turnAsked));
            return more;
        } catch (ProtocolViolation | StorageException.Closed end) {
            submit(new Told(turnSeq, turnAsked));
            throw end;
        }
    }

    private boolean runCommands() throws PipeException, InterruptedException, ProtocolViolation {
        for (int i = 0; i < TURN_COMMANDS_MAX && out.bytes() < TURN_BYTES_MAX; i++) {
            trustAsFarAsKnown();
            List<Bytes> request = requestBehindPipelined();
            if (request == null || isHttp(request)) {
                runPipelined();
                return false;
            }
            takenBackBefore = takenBack;
            if (hasJoined(request)) continue;
            runPipelined();
            turnSeq = Math.max(turnSeq, services.dispatcher().dispatch(session, request, this));
            if (session.ending() != Session.Ending.NONE) return false;
            if (session.block() != null) return false;
            if (config.outputMax() < out.bytes()) throw tooMuch();
            // What was answered before counts as the client had it then.
            if (session.durability() != turnAsked) return true;
        }
        runPipelined();
        return true;
    }

    private @Nullable List<Bytes> requestBehindPipelined()
            throws PipeException, InterruptedException, ProtocolViolation {
        try {
            return nextRequest();
        } catch (ProtocolViolation violation) {
            runPipelined();
            throw violation;
        }
    }

    // A request that came alone is run alone. What a shared turn has left did not.
    private boolean hasJoined(List<Bytes> request) throws PipeException, InterruptedException {
        boolean isAlone = pipelined.isEmpty() && !parser.isInsideRequest() && !shared.hasRequest();
        JoinedCalls.Call call = isAlone ? null : services.dispatcher().joinable(session, request);
        if (call == null) return false;
        pipelined.add(call);
        if (pipelined.isFull()) runPipelined();
        return true;
    }

    private void runPipelined() throws PipeException, InterruptedException {
        if (pipelined.isEmpty()) return;
        turnSeq = Math.max(turnSeq, services.dispatcher().dispatch(session, pipelined, this));
        if (config.outputMax() < out.bytes()) throw tooMuch();
    }

    @Override
    public ReplyWriter writer() {
        return out;
    }

    @Override
    public void send(long seq) throws PipeException, InterruptedException {
        turnSeq = Math.max(turnSeq, seq);
        memory.holds(this, parser.buffered() + out.bytes() + session.transaction().bytes());
        submit(new Told(turnSeq, turnAsked));
    }

    @Override
    public long takingNanos() {
        return replies.takingNanos();
    }

    // Null if none has come whole, or if it may not run now.
    private @Nullable List<Bytes> nextRequest() throws ProtocolViolation {
        if (session.awaitsStop() || session.block() != null) return null;
        List<Bytes> request = held == null ? shared.nextRequest() : held;
        if (request == null) request = parser.next();
        held = null;
        isPaused =
                request != null
                        && turnout == Turnout.SERVING
                        && services.dispatcher().isPaused(session, request);
        if (isPaused) {
            held = request;
            return null;
        }
        boolean isStopping = turnout != Turnout.SERVING && isCaughtUp;
        if (request == null || !isStopping) return request;
        if (turnout == Turnout.SETTLING && services.dispatcher().runsWhileStopping(request))
            return request;
        held = request;
        return null;
    }

    private void trustAsFarAsKnown() {
        if (session.isAuthenticated()) parser.trust();
        else parser.distrust();
    }

    // A browser can be made to send requests here, but not without these words.
    private boolean isHttp(List<Bytes> request) {
        Bytes name = request.getFirst();
        boolean isHttp = Numbers.isKeyword(name, "POST") || Numbers.isKeyword(name, "HOST:");
        if (isHttp) session.end(Session.Ending.SILENT);
        return isHttp;
    }

    private PipeException tooMuch() {
        return new PipeException(
                PipeException.Reason.STALLED,
                "reply too large. bytes=`" + out.bytes() + "`, max=`" + config.outputMax() + "`");
    }

    private Duration patience() {
        Duration least = UNHURRIED;
        if (isPaused) {
            Duration left = services.dispatcher().pauseLeft();
            return min(least, left.plusNanos(RECHECK));
        }
        if (!session.isAuthenticated())
            least = min(least, leftOf(AUTHENTICATION_MAX, session.startedNanos()));
        if (parser.isInsideRequest()) least = min(least, leftOf(HALF_REQUEST_MAX, pieceNanos));
        Block waiting = session.block();
        if (waiting != null)
            return min(
                    least, Duration.ofNanos(Math.max(RECHECK, waiting.nanosLeft(env.nanoTime()))));
        boolean mayIdle = session.subscriptions().any();
        if (!mayIdle && !config.idleMax().isZero())
            least = min(least, leftOf(config.idleMax(), pieceNanos));
        return least;
    }

    private boolean isOverdue() {
        return session.block() == null && !isPaused && patience().isZero();
    }

    private Duration leftOf(Duration whole, long since) {
        Duration left = whole.minusNanos(env.nanoTime() - since);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private void send(Reply reply) throws PipeException, InterruptedException {
        reply.writeTo(out);
        submit(Told.NOTHING);
    }

    private void submit(Told told) throws PipeException, InterruptedException {
        replies.submit(out.take(), told);
    }

    private void sayGoodbye() throws InterruptedException {
        if (session.ending() == Session.Ending.SILENT) return;
        if (!replies.awaitEmpty(config.durabilityMax().plus(config.stallMax()))) return;
        isTold = true;
        boolean isIdle = leftOf(IDLE_MIN, pieceNanos).isZero();
        Duration most = isIdle ? FAREWELL_TO_THE_IDLE_MAX : FAREWELL_MAX;
        if (turnout == Turnout.SERVING) {
            pipe.finish(most);
            return;
        }
        Farewells.Patience patience = entrance.farewells().of(most);
        pipe.finish(most, patience);
        patience.close();
    }
}

package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.net.PipeException;
import dev.holdfast.redis.acl.AclLog.Place;
import dev.holdfast.redis.acl.Denial;
import dev.holdfast.redis.acl.Guard;
import dev.holdfast.redis.command.Access;
import dev.holdfast.redis.command.BoundCommand;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.CommandTable;
import dev.holdfast.redis.command.CopyingCommand;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Outbox;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.ReplyMode;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Transaction.Queued;
import dev.holdfast.redis.command.WaitingCommand;
import dev.holdfast.redis.command.WaitingCommand.Patience;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Executed;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspace.Copied;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.listing.Listing;
import dev.holdfast.redis.listing.ListingCommand;
import dev.holdfast.redis.pausing.Pause;
import dev.holdfast.redis.resp.ReplyWriter;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.server.ServerStats;
import dev.holdfast.redis.tracking.Tracking;
import dev.holdfast.redis.transactions.TransactionCommands;
import dev.holdfast.redis.waiting.Waiter;
import dev.holdfast.redis.waiting.WaitingRoom;
import dev.holdfast.redis.watch.CallWatch;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Finds the command that a request names, checks the request against its syntax, runs it, and
/// writes the reply. Thread-safe.
public final class Dispatcher {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());
    private static final int PREVIEW_MAX = 128;
    private static final int COPIES_MAX = 5;
    private static final Executed<Integer> NOTHING_RUN = new Executed<>(0, 0);
    private static final Executed<Reply> QUEUED = new Executed<>(Reply.simple("QUEUED"), 0);
    private static final Set<String> LISTENING =
            Set.of(
                    "SUBSCRIBE",
                    "PSUBSCRIBE",
                    "SSUBSCRIBE",
                    "UNSUBSCRIBE",
                    "PUNSUBSCRIBE",
                    "SUNSUBSCRIBE",
                    "PING",
                    "QUIT",
                    "RESET");

    private final CommandTable table;
    private final Keyspaces keyspaces;
    private final WaitingRoom waitingRoom;
    private final ServerStats stats;
    private final CallWatch watch;
    private final Tracking tracking;
    private final Pause pause;
    private final Guard guard;
    private final Env env;
    private final Gate commands;
    private final Supplier<@Nullable String> busy;

    /// @param commands knows every command that runs, by its client and its name
    public Dispatcher(CommandTable table, Keys keys, Notes notes, Env env, Gate commands) {
        this.commands = commands;
        this.table = table;
        this.keyspaces = keys.keyspaces;
        this.waitingRoom = keys.waitingRoom;
        this.busy = keys.busy;
        this.stats = notes.stats;
        this.watch = notes.watch;
        this.tracking = notes.tracking;
        this.pause = notes.pause;
        this.guard = notes.guard;
        this.env = env;
    }

    /// What is noted of calls, what holds them up, and who forbids them.
    public record Notes(
            ServerStats stats, CallWatch watch, Tracking tracking, Pause pause, Guard guard) {}

    /// Who forbids.
    Guard guard() {
        return guard;
    }

    /// What commands work on, and where they wait for it.
    ///
    /// @param busy why hardly anything may be called at present; null if all may
    public record Keys(
            Keyspaces keyspaces, WaitingRoom waitingRoom, Supplier<@Nullable String> busy) {}

    /// Runs one request and writes its reply to `to`, if the client wants it. Returns the highest
    /// sequence number that what is written tells of, 0 if none: it must be durable before that
    /// goes out. Throws `Closed` if nobody can tell whether the request was applied.
    long dispatch(Session session, List<Bytes> request, Outflow to)
            throws PipeException, InterruptedException {
        ReplyWriter out = to.writer();
        Bytes name = request.getFirst();
        Syntax syntax = table.find(name);
        boolean isSkipped = session.replyMode() == ReplyMode.SKIP_NEXT;
        if (isSkipped) session.replyMode(ReplyMode.ON);
        boolean isMuted = isSkipped || session.replyMode() == ReplyMode.OFF;
        String refusal = refusal(session, syntax, request);
        Executed<Reply> executed =
                syntax == null || refusal != null
                        ? rejected(session, syntax, refusal == null ? unknown(request) : refusal)
                        : isQueued(session, syntax)
                                ? queue(session, syntax, request)
                                : call(session, syntax, request, isMuted ? null : to);
        out.switchTo(session.protocol());
        // What was told before the call was answered goes out before its answer: but not that a
        // key has changed which the answer shows, or the client would keep what is old.
        boolean isTracking = tracking.follows(session);
        long toldSeq = isTracking ? 0 : tell(session, out);
        boolean isWanted = !isSkipped && session.replyMode() != ReplyMode.OFF;
        if (isWanted) executed.result().writeTo(out);
        if (isTracking) {
            if (syntax != null) tracking.ended(session, syntax);
            toldSeq = tell(session, out);
        }
        return Math.max(toldSeq, executed.seq());
    }

    /// `request` as a call that can be run with others; null if it has to be dispatched by itself:
    /// what is refused, waits, shows much, or has to do with the session.
    JoinedCalls.@Nullable Call joinable(Session session, List<Bytes> request) {
        Syntax syntax = table.find(request.getFirst());
        if (syntax == null || syntax.traits().access() == Access.NONE) return null;
        if (!mayJoin(session, syntax, request)) return null;
        try {
            return switch (syntax.parser().parse(Words.of(request))) {
                case SessionCommand _, BoundCommand _, WaitingCommand _, ListingCommand _ -> null;
                case CopyingCommand _ -> null; // may take more than one run
                case Command command -> new JoinedCalls.Call(session, syntax, command, request);
            };
        } catch (RespError _) {
            return null;
        }
    }

    /// True if `call`, which was joinable, still is.
    boolean isJoinable(JoinedCalls.Call call) {
        return mayJoin(call.session(), call.syntax(), call.words());
    }

    private boolean mayJoin(Session session, Syntax syntax, List<Bytes> request) {
        // Who waits for a key is served before the next call of the pipeline sees it.
        boolean mayServe = syntax.traits().access() == Access.WRITE && !waitingRoom.isEmpty();
        return !mayServe && isPlain(session) && isLetThrough(session, syntax, request);
    }

    private boolean isPlain(Session session) {
        return busy.get() == null
                && session.replyMode() == ReplyMode.ON
                && !session.transaction().isOpen()
                && !session.isListening()
                && !session.standing().looksOn()
                && !tracking.follows(session);
    }

    private boolean isLetThrough(Session session, Syntax syntax, List<Bytes> request) {
        return syntax.traits().subcommands().isEmpty()
                && syntax.accepts(request.size())
                && session.isAuthenticated()
                && guard.allows(session, syntax, request);
    }

    /// Runs the calls of `pipelined`, all of `session`, and writes their replies, as [#dispatch]
    /// would one by one.
    long dispatch(Session session, JoinedCalls pipelined, Outflow to)
            throws PipeException, InterruptedException {
        long seq = 0;
        int done = 0;
        while (done < pipelined.calls().size()) {
            Executed<Integer> executed = runTogether(session, pipelined, done);
            if (executed.result() == 0) {
                // What cannot be done together may be possible one by one.
                seq = Math.max(seq, dispatch(session, pipelined.calls().get(done++).words(), to));
                continue;
            }
            seq = Math.max(seq, Math.max(executed.seq(), tell(session, to.writer())));
            to.writer().switchTo(session.protocol());
            for (JoinedCalls.Answer answer : pipelined.answers()) {
                if (answer.reply() != null) answer.reply().writeTo(to.writer());
                note(pipelined, done++, answer);
            }
        }
        pipelined.clear();
        return seq;
    }

    // How many calls from `first` on were run; none if that failed as a whole, and did nothing.
    private Executed<Integer> runTogether(Session session, JoinedCalls pipelined, int first)
            throws InterruptedException {
        String name = pipelined.calls().get(first).syntax().shownName();
        long started = env.nanoTime();
        session.called(name, started);
        long ticket = commands.enterBriefly(session.who(), name);
        try {
            Executed<Integer> executed =
                    keyspaces.execute(
                            session.database(), keyspace -> pipelined.run(keyspace, first), _ -> 0);
            if (0 < executed.result()) pipelined.tookInAll(first, env.nanoTime() - started);
            return executed;
        } catch (StorageException _) {
            return NOTHING_RUN;
        } finally {
            commands.leave(ticket);
        }
    }

    /// Runs calls of several clients from `first` on without waiting for anything but their commit,
    /// and tells how many it came by: [JoinedCalls#answers] says what they came to. None if that
    /// failed as a whole, and did nothing.
    Executed<Integer> runInPassing(JoinedCalls calls, int first) throws InterruptedException {
        return inPassing(calls, first, body -> keyspaces.executeInPassing(body, _ -> 0));
    }

    /// The same without waiting for anything, their commit included.
    Executed<Integer> runAtOnce(JoinedCalls calls, int first) throws InterruptedException {
        return inPassing(calls, first, body -> keyspaces.executeAtOnce(body, _ -> 0));
    }

    /// The same for calls that only look at single keys, without waiting for anything.
    Executed<Integer> lookInPassing(JoinedCalls calls, int first) throws InterruptedException {
        return inPassing(calls, first, body -> keyspaces.lookInPassing(body, _ -> 0));
    }

    /// Runs calls, or does not: then null.
    private interface InPassing {
        @Nullable Executed<Integer> run(Function<Keyspace, Integer> body)
                throws InterruptedException;
    }

    private Executed<Integer> inPassing(JoinedCalls calls, int first, InPassing way)
            throws InterruptedException {
        long started = env.nanoTime();
        for (JoinedCalls.Call call : calls.calls().subList(first, calls.calls().size()))
            call.session().called(call.syntax().shownName(), started);
        JoinedCalls.Call oldest = calls.calls().get(first);
        long ticket = commands.enterBriefly(oldest.session().who(), "calls of several clients");
        try {
            Executed<Integer> executed = way.run(keyspace -> calls.run(keyspace, first));
            if (executed == null) return NOTHING_RUN;
            if (0 < executed.result()) calls.tookInAll(first, env.nanoTime() - started);
            return executed;
        } catch (StorageException _) {
            return NOTHING_RUN;
        } finally {
            commands.leave(ticket);
        }
    }

    /// The call at `index` has come to `answer`.
    void note(JoinedCalls calls, int index, JoinedCalls.Answer answer) {
        JoinedCalls.Call call = calls.calls().get(index);
        long nanos = calls.nanos(index);
        ServerStats.Calls figures = stats.of(call.syntax().shownName());
        stats.called(figures, nanos);
        watch.ended(call.session(), call.syntax(), call.words(), nanos);
        if (answer.reply() != null) noteFailure(figures, answer.reply());
    }

    private void noteFailure(ServerStats.Calls calls, Reply reply) {
        if (!(reply instanceof Reply.Failure failure)) return;
        calls.failed().increment();
        stats.failed(failure.text());
    }

    /// Writes what `session` is to be told without having asked, as much as fits a turn, and
    /// returns the highest sequence number that it tells of.
    static long tell(Session session, ReplyWriter out) {
        long seq = 0;
        while (out.bytes() < Connection.TURN_BYTES_MAX) {
            Outbox.Message message = session.outbox().poll();
            if (message == null) return seq;
            out.switchTo(session.protocol());
            message.reply().writeTo(out);
            seq = Math.max(seq, message.seq());
        }
        return seq;
    }

    /// True if `request` may run although a stop has begun: it changes no data.
    boolean runsWhileStopping(List<Bytes> request) {
        Syntax syntax = table.find(request.getFirst());
        if (syntax == null) return true;
        boolean mayWrite = syntax.traits().access() == Access.WRITE || isExec(syntax);
        return !mayWrite && !isScript(syntax);
    }

    // A script may call anything; a function may be kept.
    private static boolean isScript(Syntax syntax) {
        return syntax.docs().group() == Group.SCRIPTING;
    }

    /// True if `request` must wait for the end of the pause.
    boolean isPaused(Session session, List<Bytes> request) {
        if (pause.left().isZero()) return false;
        Syntax syntax = table.find(request.getFirst());
        return syntax != null && pause.holds(session, syntax, request);
    }

    /// How long the pause lasts.
    Duration pauseLeft() {
        return pause.left();
    }

    private static boolean isExec(Syntax syntax) {
        return syntax.name().equals("EXEC");
    }

    private static boolean isQueued(Session session, Syntax syntax) {
        return session.transaction().isOpen()
                && !TransactionCommands.NOT_QUEUED.contains(syntax.name());
    }

    private Executed<Reply> queue(Session session, Syntax syntax, List<Bytes> request) {
        if (syntax.traits().flags().contains(Flag.NO_MULTI))
            return rejected(session, syntax, "ERR Command not allowed inside a transaction");
        try {
            session.transaction().add(syntax, request);
        } catch (RespError refused) {
            return rejected(session, syntax, refused.text());
        }
        session.called(syntax.nameIn(request), env.nanoTime());
        return QUEUED;
    }

    // Why the request is not even parsed; null if it may be.
    private @Nullable String refusal(
            Session session, @Nullable Syntax syntax, List<Bytes> request) {
        if (syntax == null) return null;
        if (!syntax.accepts(request.size())) return RespError.arity(syntax.shownName()).text();
        String unknown = syntax.complaintAboutSubcommand(request);
        if (unknown != null) return unknown;
        if (!guard.letsIn(session) && !syntax.traits().flags().contains(Flag.NO_AUTH))
            return "NOAUTH Authentication required.";
        Place place = session.transaction().isOpen() ? Place.MULTI : Place.TOPLEVEL;
        Denial denial = guard.denial(session, syntax, request, place);
        if (denial != null) return denial.text(syntax.nameIn(request));
        if (session.isListening() && !LISTENING.contains(syntax.name()))
            return "ERR Can't execute '"
                    + syntax.nameIn(request)
                    + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed"
                    + " in this context";
        if (session.standing().looksOn() && syntax.traits().access() != Access.NONE)
            return "ERR Replica can't interact with the keyspace";
        String why = busy.get();
        if (why == null) return null;
        boolean isAllowed = syntax.calledBy(request).traits().flags().contains(Flag.ALLOW_BUSY);
        return isAllowed ? null : why;
    }

    // Whatever is refused between MULTI and EXEC spoils the whole.
    private Executed<Reply> rejected(Session session, @Nullable Syntax syntax, String text) {
        if (syntax != null && isExec(syntax)) {
            session.transaction().end();
            String why = text.startsWith("ERR ") ? text.substring(4) : text;
            return failed("EXECABORT Transaction discarded because of: " + why);
        }
        if (session.transaction().isOpen()) session.transaction().fail();
        if (syntax != null) stats.of(syntax.shownName()).rejected().increment();
        return failed(text);
    }

    private Executed<Reply> call(
            Session session, Syntax syntax, List<Bytes> request, @Nullable Outflow to)
            throws PipeException, InterruptedException {
        long started = env.nanoTime();
        String name = syntax.nameIn(request);
        session.called(name, started);
        tracking.reads(session, syntax, request);
        boolean isWatched = watch.isWatched() && isExec(syntax);
        List<Queued> inside = isWatched ? session.transaction().queued() : List.of();
        Executed<Reply> executed;
        long ticket = commands.enterBriefly(session.who(), name);
        try {
            executed = run(session, syntax, request, to);
        } finally {
            commands.leave(ticket);
        }
        leaveIfUnheard(session, syntax, request);
        ServerStats.Calls calls = stats.of(name);
        long nanos = env.nanoTime() - started;
        stats.called(calls, nanos);
        if (executed.result() instanceof Reply.Array) watch.ranInside(session, inside);
        watch.ended(session, syntax, request, nanos);
        noteFailure(calls, executed.result());
        return executed;
    }

    // The rules may have changed between the question and the subscription, unseen by whoever
    // changed them.
    private void leaveIfUnheard(Session session, Syntax syntax, List<Bytes> request) {
        boolean listens = syntax.traits().places().channels().areListenedTo();
        if (listens && guard.denial(session, syntax, request, Place.TOPLEVEL) != null)
            session.peer().kill();
    }

    private Executed<Reply> run(
            Session session, Syntax syntax, List<Bytes> request, @Nullable Outflow to)
            throws PipeException, InterruptedException {
        try {
            return switch (syntax.parser().parse(Words.of(request))) {
                case SessionCommand command -> new Executed<>(command.run(session), 0);
                case BoundCommand command -> runOnKeys(session, command.bind(session), Access.NONE);
                case WaitingCommand command ->
                        runOrWait(session, command, () -> objection(session, syntax, request));
                case ListingCommand command -> list(session, command, to);
                case CopyingCommand command ->
                        runOrCopyAhead(session, command, syntax.traits().access());
                case Command command -> runOnKeys(session, command, syntax.traits().access());
            };
        } catch (RespError error) {
            return new Executed<>(Reply.error(error.text()), 0);
        } catch (StorageException failure) {
            return new Executed<>(Reply.error(textOf(failure, syntax)), 0);
        }
    }

    private Executed<Reply> runOnKeys(Session session, Command command, Access access)
            throws InterruptedException {
        return keyspaces.execute(
                session.database(),
                keyspace -> {
                    if (access == Access.WRITE) keyspace.writing();
                    return command.run(access.on(ofClient(keyspace, session)));
                },
                error -> Reply.error(error.text()));
    }

    // A value that one run may not hold is copied beforehand, unseen; the run then only names it.
    private Executed<Reply> runOrCopyAhead(Session session, CopyingCommand command, Access access)
            throws InterruptedException {
        Executed<Reply> executed = runOnKeys(session, command, access);
        for (int i = 0; i < COPIES_MAX && isTooLarge(executed.result()); i++) {
            int database = session.database();
            Copied ahead = keyspaces.copyAhead(database, command.passage(database));
            executed = runOnKeys(session, keyspace -> command.run(keyspace.with(ahead)), access);
            if (!ahead.isNamed().get()) keyspaces.giveUp(ahead);
        }
        return executed;
    }

    private static boolean isTooLarge(Reply reply) {
        return reply instanceof Reply.Failure failure
                && (failure.text().startsWith(RespError.OUT_OF_MEMORY)
                        || failure.text().equals(Keyspace.CHANGED_MEANWHILE));
    }

    private static Keyspace ofClient(Keyspace keyspace, Session session) {
        Keyspace own = keyspace.by(session.id());
        return session.isTouching() ? own : own.aside();
    }

    // What is long goes out while it is read. Nothing is read of what nobody wants to have.
    private Executed<Reply> list(Session session, ListingCommand command, @Nullable Outflow to)
            throws PipeException, InterruptedException {
        try (Keyspaces.Sight sight = keyspaces.sight(session.database())) {
            Reply reply = Reply.NONE;
            try {
                Listing listing = command.list(Access.READ.on(sight.keyspace()));
                Reply whole = listing.gatherIfShort();
                if (whole != null) reply = whole;
                else if (to != null) {
                    long told = tracking.follows(session) ? 0 : tell(session, to.writer());
                    to.writer().switchTo(session.protocol());
                    to.send(told);
                    new Pouring(to, sight::seq).pour(listing);
                }
            } catch (RespError error) {
                reply = Reply.error(error.text());
            }
            sight.tellMisses();
            return new Executed<>(reply, sight.seq());
        }
    }

    /// What a call that may wait came to at once.
    private record Attempt(@Nullable Reply reply, WaitingCommand later) {}

    // What was allowed when the call came may be taken away while it waits.
    private @Nullable Reply objection(Session session, Syntax syntax, List<Bytes> request) {
        Denial denial = guard.denial(session, syntax, request, Place.TOPLEVEL);
        return denial == null ? null : Reply.error(denial.text(syntax.nameIn(request)));
    }

    private Executed<Reply> runOrWait(
            Session session, WaitingCommand command, Supplier<@Nullable Reply> objection)
            throws InterruptedException {
        Executed<Attempt> first =
                keyspaces.execute(
                        session.database(),
                        keyspace -> {
                            Reply reply = command.attempt(ofClient(keyspace, session));
                            return new Attempt(
                                    reply, reply == null ? command.later(keyspace) : command);
                        },
                        error -> new Attempt(Reply.error(error.text()), command));
        Reply reply = first.result().reply;
        if (reply != null) return new Executed<>(reply, first.seq());
        WaitingCommand later = first.result().later;
        Patience patience = later.patience();
        if (patience == null) return new Executed<>(later.nothing(), first.seq());
        Waiter waiter = waitingRoom.enter(session, later, patience);
        session.blockOn(waiter, objection);
        Reply late = session.objection();
        if (late != null) waiter.end(late);
        // What came between the attempt and the place in the queue would else be missed.
        keyspaces.serve(Set.copyOf(waiter.keys()));
        return new Executed<>(Reply.NONE, first.seq());
    }

    // Each of these says that nothing was applied; where that is not certain there is no text.
    private static String textOf(StorageException failure, Syntax syntax) {
        return switch (failure) {
            case StorageException.Conflict _ -> "TRYAGAIN too many writers of the same keys";
            case StorageException.Unavailable _ ->
                    "LOADING object store unavailable, nothing was done. " + failure.getMessage();
            case StorageException.Closed closed -> {
                if (closed.reason() == StorageException.Closed.Reason.FAILED) throw closed;
                yield "MASTERDOWN " + failure.getMessage();
            }
            case StorageException.OwnedElsewhere _ -> "MASTERDOWN " + failure.getMessage();
            case StorageException.Invalid _, StorageException.ChangesMissing _ ->
                    "ERR " + failure.getMessage();
            case StorageException.CorruptData _ -> {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "stored data corrupt. command=`" + syntax.shownName() + "`",
                        failure);
                yield "ERR stored data is corrupt, the server's log tells where";
            }
        };
    }

    private Executed<Reply> failed(String text) {
        stats.failed(text);
        return new Executed<>(Reply.error(text), 0);
    }

    private static String unknown(List<Bytes> request) {
        var preview = new StringBuilder();
        for (int i = 1; i < request.size() && preview.length() < PREVIEW_MAX; i++) {
            String word = text(request.get(i), PREVIEW_MAX - preview.length());
            preview.append('\'').append(word).append("' ");
        }
        return "ERR unknown command '"
                + text(request.getFirst(), PREVIEW_MAX)
                + "', with args beginning with: "
                + preview;
    }

    private static String text(Bytes word, int bytesMax) {
        return word.slice(0, Math.min(word.length(), bytesMax)).toUtf8();
    }
}

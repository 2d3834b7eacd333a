package dev.holdfast.redis.transactions;

import dev.holdfast.redis.acl.AclLog.Place;
import dev.holdfast.redis.acl.Denial;
import dev.holdfast.redis.acl.Guard;
import dev.holdfast.redis.command.BoundCommand;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Transaction.Queued;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Calls that run one after another in one run, so that they commit as one: each sees what those
/// before it wrote, and one that fails takes back what it wrote itself and nothing else.
///
/// A run may be repeated. Calls on keys are repeated with it; calls on the session are run once,
/// and what they answered is answered again. Not thread-safe.
public final class AtomicSection {
    private final Session session;
    private final Tally tally;
    private final Guard guard;
    private final int databaseBefore;
    private final List<Once> once = new ArrayList<>();
    private int next;
    private final List<@Nullable Denial> judged = new ArrayList<>();
    private int nextJudged;
    private int database;

    /// What a call on the session came to.
    private record Once(Reply reply, int databaseAfter) {}

    public AtomicSection(Session session, Tally tally, Guard guard) {
        this.session = session;
        this.guard = guard;
        this.tally = tally;
        this.databaseBefore = session.database();
    }

    /// A run begins, whether it is the first or not.
    public void begin() {
        next = 0;
        nextJudged = 0;
        database = databaseBefore;
    }

    /// Runs one call in the run of `keyspace`.
    public Reply call(Keyspace keyspace, Queued queued) {
        Denial denial = judge(queued);
        if (denial != null) return Reply.error(denial.textInTransaction());
        Reply reply;
        try {
            reply =
                    switch (queued.syntax().parser().parse(Words.of(queued.words()))) {
                        case SessionCommand command -> runOnce(command);
                        case BoundCommand command -> run(keyspace, command.bind(session));
                        case Command command ->
                                run(queued.syntax().traits().access().on(keyspace), command);
                    };
        } catch (RespError error) {
            reply = Reply.error(error.text());
        }
        tally.called(queued.syntax().nameIn(queued.words()), reply);
        return reply;
    }

    /// The run has ended, and may be repeated.
    public void end() {
        session.select(database);
    }

    // Whether a call may be made is asked once, too, lest it be run in one run and not in the next.
    private @Nullable Denial judge(Queued queued) {
        if (nextJudged == judged.size())
            judged.add(guard.denial(session, queued.syntax(), queued.words(), Place.MULTI));
        return judged.get(nextJudged++);
    }

    private Reply run(Keyspace keyspace, Command command) {
        return keyspace.in(database).guarded(command::run);
    }

    // Nobody waits in here: the time of a call that would is up at once.
    private Reply settled(Reply reply) {
        Session.Block waiting = session.block();
        if (waiting == null) return reply;
        session.unblock();
        waiting.expire();
        return waiting.reply();
    }

    private Reply runOnce(SessionCommand command) {
        if (next == once.size()) {
            session.select(database);
            Reply reply;
            try {
                reply = settled(command.run(session));
            } catch (RespError error) {
                reply = Reply.error(error.text());
            }
            once.add(new Once(reply, session.database()));
        }
        Once known = once.get(next++);
        database = known.databaseAfter;
        return known.reply;
    }
}

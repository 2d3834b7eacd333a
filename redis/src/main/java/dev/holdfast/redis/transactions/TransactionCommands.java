package dev.holdfast.redis.transactions;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.acl.Guard;
import dev.holdfast.redis.command.BoundCommand;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Transaction;
import dev.holdfast.redis.command.Transaction.Queued;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspace.Watched;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.List;

/// MULTI, EXEC, DISCARD, WATCH and UNWATCH.
public final class TransactionCommands {
    /// The commands that are run at once although MULTI has been called.
    public static final List<String> NOT_QUEUED =
            List.of("EXEC", "DISCARD", "MULTI", "WATCH", "QUIT", "RESET");

    private static final String ABORTED =
            "EXECABORT Transaction discarded because of previous errors.";

    private final Tally tally;
    private final Guard guard;

    /// @param tally counts the calls that EXEC makes
    /// @param guard asked of every call again when it is made
    public TransactionCommands(Tally tally, Guard guard) {
        this.tally = tally;
        this.guard = guard;
    }

    /// The commands, in the order of the manual.
    public List<Syntax> all() {
        return List.of(discard(), exec(), multi(), unwatch(), watch());
    }

    private static Syntax discard() {
        return Syntax.session("DISCARD", 1, _ -> (SessionCommand) TransactionCommands::discard)
                .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST, Flag.ALLOW_BUSY)
                .docs(
                        Group.TRANSACTIONS,
                        "2.0.0",
                        "O(N), when N is the number of queued commands",
                        "Discard all commands issued after MULTI",
                        "");
    }

    private Syntax exec() {
        return Syntax.session("EXEC", 1, _ -> (BoundCommand) this::exec)
                .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.SKIP_SLOWLOG)
                .docs(
                        Group.TRANSACTIONS,
                        "1.2.0",
                        "Depends on commands in the transaction",
                        "Execute all commands issued after MULTI",
                        "");
    }

    private static Syntax multi() {
        return Syntax.session("MULTI", 1, _ -> (SessionCommand) TransactionCommands::multi)
                .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST, Flag.ALLOW_BUSY)
                .docs(
                        Group.TRANSACTIONS,
                        "1.2.0",
                        "O(1)",
                        "Mark the start of a transaction block",
                        "");
    }

    private static Syntax unwatch() {
        return Syntax.session("UNWATCH", 1, _ -> (SessionCommand) TransactionCommands::unwatch)
                .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST, Flag.ALLOW_BUSY)
                .docs(Group.TRANSACTIONS, "2.2.0", "O(1)", "Forget about all watched keys", "");
    }

    private static Syntax watch() {
        return Syntax.session(
                        "WATCH",
                        -2,
                        words -> {
                            List<Bytes> keys = words.keys(0);
                            return (BoundCommand) session -> watch(session, keys);
                        })
                .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST, Flag.ALLOW_BUSY)
                .keys(KeySpec.all("RO"))
                .docs(
                        Group.TRANSACTIONS,
                        "2.2.0",
                        "O(1) for every key.",
                        "Watch the given keys to determine execution of the MULTI/EXEC block",
                        "key [key ...]");
    }

    private static Reply multi(Session session) {
        if (session.transaction().isOpen())
            throw new RespError("ERR MULTI calls can not be nested");
        session.transaction().open();
        return Reply.OK;
    }

    private static Reply discard(Session session) {
        if (!session.transaction().isOpen()) throw new RespError("ERR DISCARD without MULTI");
        session.transaction().end();
        return Reply.OK;
    }

    private static Reply unwatch(Session session) {
        session.transaction().unwatch();
        return Reply.OK;
    }

    private static Command watch(Session session, List<Bytes> keys) {
        if (session.transaction().isOpen())
            throw new RespError("ERR WATCH inside MULTI is not allowed");
        return keyspace -> {
            for (Bytes key : keys) session.transaction().watch(keyspace.watch(key));
            return Reply.OK;
        };
    }

    private Command exec(Session session) {
        Transaction transaction = session.transaction();
        if (!transaction.isOpen()) throw new RespError("ERR EXEC without MULTI");
        boolean isBroken = transaction.isBroken();
        List<Queued> queued = transaction.queued();
        List<Watched> watched = transaction.watched();
        transaction.end();
        if (isBroken) throw new RespError(ABORTED);
        var section = new AtomicSection(session, tally, guard);
        return keyspace -> exec(keyspace, section, queued, watched);
    }

    private static Reply exec(
            Keyspace keyspace, AtomicSection section, List<Queued> queued, List<Watched> watched) {
        for (Watched key : watched) if (!keyspace.isAsWatched(key)) return Reply.NULL_ARRAY;
        section.begin();
        List<Reply> replies = new ArrayList<>(queued.size());
        for (Queued call : queued) replies.add(section.call(keyspace, call));
        section.end();
        return Reply.array(replies);
    }
}

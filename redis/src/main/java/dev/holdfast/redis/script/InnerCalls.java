package dev.holdfast.redis.script;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.acl.AclLog.Place;
import dev.holdfast.redis.acl.Denial;
import dev.holdfast.redis.acl.Guard;
import dev.holdfast.redis.command.BoundCommand;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.CommandTable;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.Protocol;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.RunningScripts.Run;
import dev.holdfast.redis.script.lua.Memory;
import dev.holdfast.redis.transactions.Tally;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The commands that one script calls: all in its one run of the keyspace, each with what those
/// before it wrote in sight. Used by one script.
final class InnerCalls implements AutoCloseable {
    private static final long CALL_BYTES = 256;

    private final Keyspace keyspace;
    private final Session session;
    private final Surroundings surroundings;
    private final Run run;
    private final Access access;
    private int database;
    private long held;
    private Protocol protocol = Protocol.RESP2;

    /// What a script may do.
    enum Access {
        WRITES,
        READS_ONLY
    }

    /// What all scripts share.
    ///
    /// @param pool where what they write is counted until it is committed
    record Surroundings(CommandTable table, Tally tally, Guard guard, Memory.Pool pool) {}

    InnerCalls(
            Keyspace keyspace, Session session, Surroundings surroundings, Run run, Access access) {
        this.keyspace = keyspace;
        this.session = session;
        this.surroundings = surroundings;
        this.run = run;
        this.access = access;
        this.database = keyspace.database();
    }

    /// The protocol in which the script sees replies.
    Protocol protocol() {
        return protocol;
    }

    void speak(Protocol chosen) {
        protocol = chosen;
    }

    /// Whether the client may call this.
    ///
    /// Throws `RespError` if there is no such command.
    boolean isPermitted(List<Bytes> words) {
        Syntax syntax = surroundings.table.find(words.getFirst());
        if (syntax == null)
            throw new RespError("ERR Invalid command passed to redis.acl_check_cmd()");
        return surroundings.guard.denial(session, syntax, words, Place.LUA) == null;
    }

    /// Calls a command, and returns what it answers; errors are answers, too.
    Reply call(List<Bytes> words) {
        Syntax syntax = surroundings.table.find(words.getFirst());
        Syntax called = syntax == null ? null : subcommand(syntax, words);
        if (syntax == null || called == null)
            return Reply.error("ERR Unknown Redis command called from script");
        String refusal = refusal(syntax, called, words);
        if (refusal != null) return Reply.error(refusal);
        if (called.traits().flags().contains(Flag.WRITE)) hold(words);
        Reply reply;
        try {
            reply = run(syntax, words);
        } catch (RespError error) {
            reply = Reply.error(error.text());
        }
        surroundings.tally.called(syntax.nameIn(words), reply);
        return reply;
    }

    // Null if a container has no such subcommand.
    private static @Nullable Syntax subcommand(Syntax syntax, List<Bytes> words) {
        List<Syntax> all = syntax.traits().subcommands();
        if (all.isEmpty() || words.size() == 1) return syntax;
        Words shown = Words.of(words);
        for (Syntax each : all) if (shown.is(0, each.name())) return each;
        return null;
    }

    private @Nullable String refusal(Syntax syntax, Syntax called, List<Bytes> words) {
        if (!syntax.accepts(words.size()) || !called.accepts(words.size()))
            return "ERR Wrong number of args calling Redis command from script";
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        flags.addAll(syntax.traits().flags());
        flags.addAll(called.traits().flags());
        boolean isBarred = flags.contains(Flag.NOSCRIPT) || flags.contains(Flag.NO_MULTI);
        if (isBarred) return "ERR This Redis command is not allowed from script";
        Denial denial = surroundings.guard.denial(session, syntax, words, Place.LUA);
        if (denial != null) return denial.textInScript();
        boolean writes = flags.contains(Flag.WRITE) || flags.contains(Flag.MAY_REPLICATE);
        if (writes && access == Access.READS_ONLY)
            return "ERR Write commands are not allowed from read-only scripts.";
        return blocks(syntax, words)
                ? "ERR "
                        + words.getFirst().toUtf8()
                        + " command is not allowed with BLOCK option from scripts"
                : null;
    }

    // Other calls that could wait elsewhere just do not wait here. What is wrong before the word
    // BLOCK is told first.
    private static boolean blocks(Syntax syntax, List<Bytes> words) {
        boolean isOfGroup = syntax.name().equals("XREADGROUP");
        if (!isOfGroup && !syntax.name().equals("XREAD")) return false;
        for (int i = 1; i + 1 < words.size(); i++) {
            Bytes word = words.get(i);
            if (Numbers.isKeyword(word, "BLOCK")) return true;
            if (Numbers.isKeyword(word, "COUNT")) {
                if (!isInteger(words.get(++i))) return false;
            } else if (isOfGroup && Numbers.isKeyword(word, "GROUP")) i += 2;
            else if (!isOfGroup || !Numbers.isKeyword(word, "NOACK")) return false;
        }
        return false;
    }

    private static boolean isInteger(Bytes word) {
        try {
            Numbers.integer(word, RespError.NOT_AN_INTEGER);
            return true;
        } catch (RespError error) {
            return false;
        }
    }

    // What is staged stays in memory until the script has ended.
    private void hold(List<Bytes> words) {
        run.writes();
        long bytes = CALL_BYTES;
        for (Bytes word : words) bytes += word.length();
        if (!surroundings.pool.take(bytes))
            throw new RespError("OOM the scripts that run have written too much to hold in memory");
        held += bytes;
    }

    private Reply run(Syntax syntax, List<Bytes> words) {
        return switch (syntax.parser().parse(Words.of(words))) {
            case SessionCommand command -> runOnSession(command);
            case BoundCommand command -> runOnKeys(command.bind(session), keyspace.in(database));
            case Command command ->
                    runOnKeys(command, syntax.traits().access().on(keyspace.in(database)));
        };
    }

    private static Reply runOnKeys(Command command, Keyspace seen) {
        return seen.guarded(command::run);
    }

    // The database that a script selects is its own affair.
    private Reply runOnSession(SessionCommand command) {
        int before = session.database();
        session.select(database);
        try {
            Reply reply = command.run(session);
            Session.Block waiting = session.block();
            if (waiting == null) return reply;
            session.unblock();
            waiting.expire();
            return waiting.reply();
        } finally {
            database = session.database();
            session.select(before);
        }
    }

    @Override
    public void close() {
        surroundings.pool.giveBack(held);
    }
}

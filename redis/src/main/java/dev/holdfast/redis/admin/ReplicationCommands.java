package dev.holdfast.redis.admin;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.Watermarks;
import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// What there is to say of copies of the data elsewhere: there are no replicas, and the object
/// store is what a write waits for instead.
public final class ReplicationCommands {
    private static final String NO_REPLICAS =
            "ERR this server replicates to its object store, not to or from other servers";
    private static final long MILLIS_MAX = TimeUnit.NANOSECONDS.toMillis(Long.MAX_VALUE / 2);

    private final Db db;
    private final Env env;
    private final Supplier<Duration> waitMax;

    /// @param waitMax the longest that a call waits for durability
    public ReplicationCommands(Db db, Env env, Supplier<Duration> waitMax) {
        this.db = db;
        this.env = env;
        this.waitMax = waitMax;
    }

    /// The commands, in the order of the alphabet.
    public List<Syntax> all() {
        return List.of(
                failover(),
                refused("PSYNC", -3, "2.8.0", "Internal command used for replication")
                        .flags(Flag.NO_MULTI),
                refused("REPLCONF", -1, "3.0.0", "An internal command for configuring replication")
                        .flags(Flag.LOADING, Flag.STALE, Flag.ALLOW_BUSY),
                replicaOf("REPLICAOF", "5.0.0"),
                role(),
                replicaOf("SLAVEOF", "1.0.0"),
                refused("SYNC", 1, "1.0.0", "Internal command used for replication")
                        .flags(Flag.NO_MULTI),
                await(),
                awaitDurable());
    }

    private static Syntax refused(String name, int arity, String since, String summary) {
        Syntax syntax =
                Syntax.session(name, arity, _ -> (SessionCommand) ReplicationCommands::refuse)
                        .flags(Flag.ADMIN, Flag.NOSCRIPT)
                        .docs(Group.SERVER, since, "", summary, "");
        return name.equals("REPLCONF") ? syntax : syntax.flags(Flag.NO_ASYNC_LOADING);
    }

    private static Reply refuse(Session session) {
        throw new RespError(NO_REPLICAS);
    }

    private static Syntax failover() {
        return Syntax.session("FAILOVER", -1, ReplicationCommands::parseFailover)
                .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.STALE)
                .docs(
                        Group.SERVER,
                        "6.2.0",
                        "O(1)",
                        "Start a coordinated failover between this server and one of its replicas.",
                        "[TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]");
    }

    private static SessionCommand parseFailover(Words words) {
        boolean isAbort = words.count() == 1 && words.is(0, "ABORT");
        return _ -> {
            throw new RespError(
                    isAbort
                            ? "ERR No failover in progress."
                            : "ERR FAILOVER requires connected replicas.");
        };
    }

    private static Syntax replicaOf(String name, String since) {
        return Syntax.session(name, 3, ReplicationCommands::parseReplicaOf)
                .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.STALE, Flag.NO_ASYNC_LOADING)
                .docs(
                        Group.SERVER,
                        since,
                        "O(1)",
                        "Make the server a replica of another instance, or promote it as master.",
                        "host port");
    }

    private static SessionCommand parseReplicaOf(Words words) {
        boolean isMaster = words.is(0, "NO") && words.is(1, "ONE");
        if (!isMaster && Numbers.integerOrNull(words.bytes(1)) == null)
            throw new RespError("ERR Invalid master port");
        return session -> isMaster ? Reply.OK : refuse(session);
    }

    private Syntax role() {
        return Syntax.session("ROLE", 1, _ -> (SessionCommand) this::role)
                .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST)
                .categories(Category.ADMIN, Category.DANGEROUS)
                .docs(
                        Group.SERVER,
                        "2.8.12",
                        "O(1)",
                        "Return the role of the instance in the context of replication",
                        "");
    }

    private Reply role(Session session) {
        return Reply.array(
                Reply.bulk("master"), Reply.integer(db.watermarks().applied()), Reply.EMPTY_ARRAY);
    }

    private Syntax await() {
        return Syntax.session("WAIT", 3, this::parseWait)
                .flags(Flag.NOSCRIPT)
                .categories(Category.CONNECTION)
                .docs(
                        Group.GENERIC,
                        "3.0.0",
                        "O(1)",
                        "Wait for the synchronous replication of all the write commands sent in"
                                + " the context of the current connection",
                        "numreplicas timeout");
    }

    // As a server of Redis without replicas: nobody ever acknowledges anything.
    private SessionCommand parseWait(Words words) {
        long wanted = words.integer(0);
        long millis = millis(words, 1);
        return session -> {
            if (wanted <= 0) return Reply.ZERO;
            long nanos = millis == 0 ? Vigil.ENDLESS : TimeUnit.MILLISECONDS.toNanos(millis);
            return Vigil.keep(session, Reply.ZERO, env.nanoTime(), nanos);
        };
    }

    private static long millis(Words words, int index) {
        String complaint = "ERR timeout is not an integer or out of range";
        long millis = words.integer(index, complaint);
        if (millis < 0) throw new RespError("ERR timeout is negative");
        if (MILLIS_MAX < millis) throw new RespError(complaint);
        return millis;
    }

    private Syntax awaitDurable() {
        return Syntax.session("WAITAOF", 4, this::parseWaitDurable)
                .flags(Flag.NOSCRIPT, Flag.NO_MULTI)
                .categories(Category.CONNECTION)
                .docs(
                        Group.GENERIC,
                        "7.2.0",
                        "O(1)",
                        "Wait until the write commands sent in the context of the current"
                                + " connection are on the local disk, or in the object store",
                        "numlocal numreplicas timeout");
    }

    // The object store is the one replica that there is.
    private SessionCommand parseWaitDurable(Words words) {
        long local = words.integer(0);
        if (local < 0 || 1 < local)
            throw new RespError("ERR value is out of range, value must between 0 and 1");
        long remote = words.integer(1);
        if (remote < 0) throw new RespError("ERR value is out of range, must be positive");
        long millis = millis(words, 2);
        Duration most = millis == 0 ? null : Duration.ofMillis(millis);
        return _ -> {
            long seq = db.watermarks().applied();
            Duration patience = waitMax.get();
            if (most != null && most.compareTo(patience) < 0) patience = most;
            if (0 < remote) await(seq, Durability.REMOTE, patience);
            else if (0 < local) await(seq, Durability.LOCAL, patience);
            Watermarks marks = db.watermarks();
            return Reply.array(
                    Reply.integer(seq <= marks.of(Durability.LOCAL) ? 1 : 0),
                    Reply.integer(seq <= marks.of(Durability.REMOTE) ? 1 : 0));
        };
    }

    // What is not reached in time is told by the watermarks.
    private void await(long seq, Durability level, Duration patience) {
        try {
            db.awaitDurable(seq, level, patience);
        } catch (StorageException.Unavailable late) {
            System.getLogger(ReplicationCommands.class.getName())
                    .log(System.Logger.Level.DEBUG, "durability not reached in time", late);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.holdfast.redis.command;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.redis.resp.Protocol;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What one connection has agreed with the server: who it is, its database, its protocol.
///
/// Changed by the connection's own thread only, but for [#end]; any thread may read it.
public final class Session {
    /// The user that everybody is who has given no other name.
    public static final String DEFAULT_USER = "default";

    private final long id;
    private final Peer peer;
    private final String who;
    private final long startedNanos;

    private volatile boolean isAuthenticated;
    private volatile String user = DEFAULT_USER;
    private volatile int database;
    private volatile Protocol protocol = Protocol.RESP2;
    private volatile ReplyMode replyMode = ReplyMode.ON;
    private volatile Bytes name = Bytes.EMPTY;
    private volatile Bytes libraryName = Bytes.EMPTY;
    private volatile Bytes libraryVersion = Bytes.EMPTY;
    private volatile boolean isEvictable = true;
    private volatile boolean isTouching = true;
    private volatile @Nullable Durability durability;
    private volatile String lastCommand = "NULL";
    private volatile long activeNanos;
    private volatile Ending ending = Ending.NONE;
    private volatile boolean awaitsStop;
    private final Transaction transaction = new Transaction();
    private final Outbox outbox = new Outbox();
    private volatile @Nullable Block block;
    private volatile Supplier<@Nullable Reply> objection = () -> null;
    private volatile Subscriptions subscriptions = Subscriptions.NONE;
    private volatile Standing standing = Standing.PLAIN;
    private final Map<String, Runnable> leaves = new ConcurrentSkipListMap<>();

    /// How many names the client has subscribed to.
    public record Subscriptions(int channels, int patterns, int shardChannels) {
        static final Subscriptions NONE = new Subscriptions(0, 0, 0);

        /// True if there is any.
        public boolean any() {
            return 0 < channels + patterns + shardChannels;
        }
    }

    /// What the client is besides one that calls commands.
    ///
    /// @param flags the letters that CLIENT LIST shows for it
    /// @param redirect the client that hears of keys in its place; 0 for itself, -1 for nobody
    public record Standing(String flags, long redirect) {
        static final Standing PLAIN = new Standing("", -1);
        private static final String LOOKS_ON = "O";

        private Standing lookingOn() {
            return new Standing(LOOKS_ON + flags.replace(LOOKS_ON, ""), redirect);
        }

        private Standing tracking(String letters, long redirect) {
            return new Standing((looksOn() ? LOOKS_ON : "") + letters, redirect);
        }

        /// True if it hears of every call of all clients.
        public boolean looksOn() {
            return flags.startsWith(LOOKS_ON);
        }
    }

    /// A call that waits for something, so that the calls behind it wait, too. Thread-safe.
    public interface Block {
        /// How long it still waits, in nanoseconds; zero once its time is up.
        long nanosLeft(long nowNanos);

        /// True once it has been answered.
        boolean isOver();

        /// The answer; only once it is over.
        Reply reply();

        /// What must be durable before the answer goes out.
        long seq();

        /// Its time is up. False if it is just being served or was ended by others.
        boolean expire();

        /// Ends it with `answer`. False if it is just being served or was ended by others.
        boolean end(Reply answer);
    }

    /// Whether and how the connection ends.
    public enum Ending {
        /// It goes on.
        NONE,
        /// After the replies that are under way.
        AFTER_REPLIES,
        /// At once and without another word.
        SILENT
    }

    public Session(long id, Peer peer, long nowNanos) {
        this.id = id;
        this.peer = peer;
        this.who = "client " + id + " " + peer.remoteAddress();
        this.startedNanos = nowNanos;
        this.activeNanos = nowNanos;
    }

    /// The number that CLIENT ID shows; never used twice.
    public long id() {
        return id;
    }

    /// Who it is, in reports.
    public String who() {
        return who;
    }

    /// The far end.
    public Peer peer() {
        return peer;
    }

    /// Back to what a new connection is, but for its number.
    public void reset() {
        disown();
        database = 0;
        protocol = Protocol.RESP2;
        replyMode = ReplyMode.ON;
        name = Bytes.EMPTY;
        isEvictable = true;
        isTouching = true;
        durability = null;
        transaction.end();
        leave();
    }

    /// What the client gathers between MULTI and EXEC, and what it watches.
    public Transaction transaction() {
        return transaction;
    }

    /// What the client is to be told without having asked.
    public Outbox outbox() {
        return outbox;
    }

    /// The call that waits; null if none does.
    public @Nullable Block block() {
        return block;
    }

    /// A call waits from now on.
    public void blockOn(Block waiting) {
        blockOn(waiting, () -> null);
    }

    /// A call waits from now on.
    ///
    /// @param objection the error if by now it might not be made; null if it might
    public void blockOn(Block waiting, Supplier<@Nullable Reply> objection) {
        this.objection = objection;
        block = waiting;
    }

    /// Why the call that waits might not be made by now, as the client is told; null if it might,
    /// or if none waits.
    public @Nullable Reply objection() {
        return block == null ? null : objection.get();
    }

    /// No call waits any more.
    public void unblock() {
        block = null;
        objection = () -> null;
    }

    /// How many names the client has subscribed to.
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    /// Notes how many names the client has subscribed to.
    public void subscribed(Subscriptions present) {
        subscriptions = present;
    }

    /// True if the client may only subscribe and unsubscribe, as those in RESP2 who did.
    public boolean isListening() {
        return protocol == Protocol.RESP2 && subscriptions.any();
    }

    /// Notes what `owner`, which keeps something for it, is to do when it ends or starts over.
    public void onLeave(String owner, Runnable leave) {
        leaves.put(owner, leave);
    }

    /// Gives up what others keep for it.
    public void leave() {
        leaves.values().forEach(Runnable::run);
        leaves.clear();
        standing = Standing.PLAIN;
    }

    /// What the client is besides one that calls commands.
    public Standing standing() {
        return standing;
    }

    /// It hears of every call from now on.
    public void lookOn() {
        standing = standing.lookingOn();
    }

    /// It is told when keys change, or no longer, which `letters` say. From any thread that holds
    /// what keeps its keys.
    public void track(String letters, long redirect) {
        standing = standing.tracking(letters, redirect);
    }

    /// True once the client has given the password, or if none is asked for.
    public boolean isAuthenticated() {
        return isAuthenticated;
    }

    /// The client has given the password of `user`, or needs none.
    public void authenticate(String user) {
        this.user = user;
        isAuthenticated = true;
    }

    /// The client is nobody any more, until it gives a password again. From any thread.
    public void disown() {
        isAuthenticated = false;
        user = DEFAULT_USER;
    }

    /// The name of the user that the client acts as.
    public String user() {
        return user;
    }

    /// The database that commands work on.
    public int database() {
        return database;
    }

    /// Chooses another database.
    public void select(int database) {
        this.database = database;
    }

    /// The version that replies are written in.
    public Protocol protocol() {
        return protocol;
    }

    /// Chooses another version.
    public void speak(Protocol protocol) {
        this.protocol = protocol;
    }

    /// Whether the client wants replies.
    public ReplyMode replyMode() {
        return replyMode;
    }

    /// Chooses whether the client wants replies.
    public void replyMode(ReplyMode mode) {
        replyMode = mode;
    }

    /// The name that the client gave itself; empty if it gave none.
    public Bytes name() {
        return name;
    }

    /// Names the client.
    public void name(Bytes name) {
        this.name = Bytes.copyOf(name.array(), name.offset(), name.length());
    }

    /// The name of the client's library; empty if it did not tell.
    public Bytes libraryName() {
        return libraryName;
    }

    /// Notes the name of the client's library.
    public void libraryName(Bytes name) {
        libraryName = name;
    }

    /// The version of the client's library; empty if it did not tell.
    public Bytes libraryVersion() {
        return libraryVersion;
    }

    /// Notes the version of the client's library.
    public void libraryVersion(Bytes version) {
        libraryVersion = version;
    }

    /// False if the client asked to be spared when memory is short.
    public boolean isEvictable() {
        return isEvictable;
    }

    /// True if what the client reads counts as used.
    public boolean isTouching() {
        return isTouching;
    }

    /// Spares the client when memory is short.
    public void spare() {
        isEvictable = false;
    }

    /// Takes [#spare] back.
    public void unspare() {
        isEvictable = true;
    }

    /// What the client reads does not count as used from now on.
    public void untouch() {
        isTouching = false;
    }

    /// Takes [#untouch] back.
    public void touch() {
        isTouching = true;
    }

    /// What the client wants replies to wait for; null if it leaves that to the server.
    public @Nullable Durability durability() {
        return durability;
    }

    /// Chooses what replies wait for.
    public void durability(Durability level) {
        durability = level;
    }

    /// Leaves it to the server what replies wait for.
    public void usualDurability() {
        durability = null;
    }

    /// The command that was called last, in small letters.
    public String lastCommand() {
        return lastCommand;
    }

    /// Notes that `command` was called at `nowNanos`.
    public void called(String command, long nowNanos) {
        lastCommand = command;
        activeNanos = nowNanos;
    }

    /// When the session began, on the clock that never goes back.
    public long startedNanos() {
        return startedNanos;
    }

    /// When the last command was called, on the clock that never goes back.
    public long activeNanos() {
        return activeNanos;
    }

    /// Whether and how the connection ends.
    public Ending ending() {
        return ending;
    }

    /// Ends the connection after the present command.
    public void end(Ending how) {
        ending = how;
    }

    /// The client has asked for a stop: it hears nothing until that is taken back.
    public void awaitStop() {
        awaitsStop = true;
    }

    /// True between SHUTDOWN and the end of the stop.
    public boolean awaitsStop() {
        return awaitsStop;
    }

    /// The stop was taken back.
    public void stopWasTakenBack() {
        awaitsStop = false;
    }
}

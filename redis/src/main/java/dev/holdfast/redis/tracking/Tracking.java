package dev.holdfast.redis.tracking;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Access;
import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Outbox;
import dev.holdfast.redis.command.Outbox.Message;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Transaction.Queued;
import dev.holdfast.redis.resp.Protocol;
import dev.holdfast.redis.signal.DbKey;
import dev.holdfast.redis.tracking.TrackedClient.Option;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Which clients have which keys. Thread-safe.
///
/// Invariants:
/// 1. A client that has read a key hears of the first change after that: what it reads is
///    remembered before it is read, and changes are told after they are committed, so that none
///    falls between. It may hear of a change that it has seen already.
/// 2. A client hears of a change only after the reply to what it read before: see the dispatcher.
/// 3. At most `tracking-table-max-keys` keys are remembered: the oldest is given up for a new one,
///    and those who have it are told as if it had changed.
///
/// Under its monitor only memory is touched: nobody waits for a client.
public final class Tracking {
    private static final String OWNER = "tracking";
    private static final Reply INVALIDATE = Reply.bulk("invalidate");
    private static final Reply BROKEN = Reply.bulk("tracking-redir-broken");
    private static final Reply MESSAGE = Reply.bulk("message");
    private static final Reply CHANNEL = Reply.bulk("__redis__:invalidate");
    private static final long MESSAGE_OVERHEAD = 128;

    private final LongFunction<@Nullable Session> byId;
    private final LongSupplier keysMax;
    private final Outbox.Limit slow;
    private volatile boolean isEmpty = true; // nobody is told anything

    // guarded by this
    private final Map<Session, TrackedClient> clients = new LinkedHashMap<>();
    private final LinkedHashMap<Bytes, Set<TrackedClient>> readers = new LinkedHashMap<>();
    private final Map<Bytes, Set<TrackedClient>> byPrefix = new LinkedHashMap<>();

    /// How much is remembered.
    ///
    /// @param items pairs of a key and a client that has it
    public record Figures(int clients, int keys, long items, int prefixes) {}

    /// @param byId the client with a number; null if there is none
    /// @param keysMax how many keys are remembered at most; 0 for as many as there are
    public Tracking(LongFunction<@Nullable Session> byId, LongSupplier keysMax, Outbox.Limit slow) {
        this.byId = byId;
        this.keysMax = keysMax;
        this.slow = slow;
    }

    /// True if `session` is told of changes, whichever.
    public boolean follows(Session session) {
        return !isEmpty && 0 <= session.standing().redirect();
    }

    /// Remembers the keys that `session` is about to read with `call`.
    public void reads(Session session, Syntax syntax, List<Bytes> call) {
        if (!follows(session)) return;
        if (syntax.name().equals("EXEC"))
            for (Queued each : session.transaction().queued())
                remember(session, each.syntax(), each.words());
        else remember(session, syntax, call);
    }

    /// A call of `session` has ended: what it said of its next command is over, but for a call that
    /// said it.
    public void ended(Session session, Syntax syntax) {
        if (!follows(session) || session.transaction().isOpen()) return;
        if (syntax.name().equals("CLIENT")) return;
        synchronized (this) {
            TrackedClient client = clients.get(session);
            if (client != null) client.backToRule();
        }
    }

    /// Tells all who have one of `keys` that it has changed.
    ///
    /// @param author the number of the client that changed them; 0 if none did
    public void changed(List<DbKey> keys, long author) {
        if (isEmpty || keys.isEmpty()) return;
        Set<Bytes> names = new LinkedHashSet<>();
        for (DbKey key : keys) names.add(key.key());
        synchronized (this) {
            for (Bytes name : names) giveUp(name, readers.remove(name), author);
            Map<TrackedClient, List<Bytes>> broadcast = new LinkedHashMap<>();
            byPrefix.forEach((prefix, listeners) -> {
                for (Bytes name : names)
                    if (startsWith(name, prefix))
                        for (TrackedClient client : listeners)
                            broadcast.computeIfAbsent(client, _ -> new ArrayList<>()).add(name);
            });
            broadcast.forEach((client, some) -> {
                if (!isOwn(client, author)) tell(client, some);
            });
        }
    }

    /// Tells all that any key may have changed: a database was emptied.
    public synchronized void emptied() {
        readers.clear();
        for (TrackedClient client : clients.values()) tell(client, Reply.NULL, MESSAGE_OVERHEAD);
    }

    /// How much is remembered.
    public synchronized Figures figures() {
        long items = readers.values().stream().mapToLong(Set::size).sum();
        return new Figures(clients.size(), readers.size(), items, byPrefix.size());
    }

    /// What `session` is told; null if nothing. Under the monitor of this.
    @Nullable TrackedClient of(Session session) {
        return clients.get(session);
    }

    /// From now on `session` is told what `chosen` says. Under the monitor of this.
    void begin(Session session, Set<Option> chosen, Set<Bytes> prefixes, long redirect) {
        TrackedClient client = clients.computeIfAbsent(session, TrackedClient::new);
        client.choose(chosen, prefixes, redirect);
        for (Bytes prefix : client.prefixes())
            byPrefix.computeIfAbsent(prefix, _ -> new LinkedHashSet<>()).add(client);
        isEmpty = false;
        session.onLeave(OWNER, () -> end(session));
    }

    /// `session` is told nothing any more. Keys that it has are forgotten when they change.
    synchronized void end(Session session) {
        TrackedClient client = clients.remove(session);
        if (client == null) return;
        for (Bytes prefix : client.prefixes()) {
            Set<TrackedClient> listeners = byPrefix.getOrDefault(prefix, Set.of());
            listeners.remove(client);
            if (listeners.isEmpty()) byPrefix.remove(prefix);
        }
        session.track("", -1);
        if (!clients.isEmpty()) return;
        readers.clear();
        isEmpty = true;
    }

    @Nullable Session find(long id) {
        return byId.apply(id);
    }

    private void remember(Session session, Syntax syntax, List<Bytes> call) {
        Syntax called = syntax.calledBy(call);
        boolean isRead = called.traits().access() == Access.READ;
        boolean isScript = called.allCategories().contains(Category.SCRIPTING);
        if (!isRead && !isScript) return;
        List<Integer> places = called.keyPlaces(call);
        if (places.isEmpty()) return;
        synchronized (this) {
            TrackedClient client = clients.get(session);
            if (client == null || !client.remembers()) return;
            for (int place : places) {
                Bytes key = Bytes.wrap(call.get(place).toArray());
                Set<TrackedClient> holders =
                        readers.computeIfAbsent(key, _ -> new LinkedHashSet<>(2));
                holders.add(client);
                if (clients.size() < holders.size()) holders.removeIf(this::hasLeft);
            }
            shrink();
        }
    }

    private void shrink() {
        long most = keysMax.getAsLong();
        while (0 < most && most < readers.size()) {
            Map.Entry<Bytes, Set<TrackedClient>> oldest = readers.pollFirstEntry();
            giveUp(oldest.getKey(), oldest.getValue(), 0);
        }
    }

    private void giveUp(Bytes key, @Nullable Collection<TrackedClient> holders, long author) {
        if (holders == null) return;
        for (TrackedClient client : holders)
            if (!hasLeft(client) && !isOwn(client, author)) tell(client, List.of(key));
    }

    private boolean hasLeft(TrackedClient client) {
        return clients.get(client.session()) != client;
    }

    private static boolean isOwn(TrackedClient client, long author) {
        return client.has(Option.NOLOOP) && client.session().id() == author;
    }

    private void tell(TrackedClient client, List<Bytes> keys) {
        long bytes = MESSAGE_OVERHEAD;
        for (Bytes key : keys) bytes += key.length();
        tell(client, Reply.array(keys.stream().map(Reply::bulk).toList()), bytes);
    }

    private void tell(TrackedClient client, Reply keys, long bytes) {
        Session to = client.redirect() == 0 ? client.session() : find(client.redirect());
        if (to == null) {
            client.redirectIsBroken();
            if (client.session().protocol() == Protocol.RESP3)
                send(client.session(), List.of(BROKEN, Reply.integer(client.redirect())), bytes);
            return;
        }
        boolean isListening = to != client.session() && to.subscriptions().any();
        if (to.protocol() == Protocol.RESP3) send(to, List.of(INVALIDATE, keys), bytes);
        else if (isListening) send(to, List.of(MESSAGE, CHANNEL, keys), bytes);
    }

    // Told at once, durable or not: that a copy is old says nothing of what is new.
    private void send(Session to, List<Reply> parts, long bytes) {
        long waiting = to.outbox().add(new Message(Reply.push(parts), 0, bytes));
        to.peer().wake();
        slow.check(to, waiting);
    }

    private static boolean startsWith(Bytes name, Bytes prefix) {
        return prefix.length() <= name.length() && name.slice(0, prefix.length()).equals(prefix);
    }
}

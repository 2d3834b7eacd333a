package dev.holdfast.redis.waiting;

import dev.holdfast.base.Env;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.WaitingCommand;
import dev.holdfast.redis.command.WaitingCommand.Patience;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Onlookers.Party;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.DbKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// All calls that wait for keys. Thread-safe.
///
/// Invariants:
/// 1. Of those who wait for a key, whoever came first is served first.
/// 2. Whoever is served is served within the run that made it possible, and so as one with it:
///    nobody else gets between.
/// 3. Nobody waits for what is there: a run looks who waits before it commits, and again after it
///    if somebody came meanwhile; whoever comes looks at the keys after taking a place.
public final class WaitingRoom {
    private final Env env;

    // guarded by this; nothing is waited for under it
    private final Map<DbKey, LinkedHashSet<Waiter>> queues = new HashMap<>();
    private int count;
    private volatile long arrivals;
    private volatile boolean isEmpty = true;

    public WaitingRoom(Env env) {
        this.env = env;
    }

    /// Gives a call of `session` a place behind those who wait already.
    public Waiter enter(Session session, WaitingCommand command, Patience patience) {
        var waiter = new Waiter(this, session, command, patience);
        synchronized (this) {
            for (DbKey key : waiter.keys())
                queues.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(waiter);
            count++;
            isEmpty = false;
            arrivals++;
        }
        return waiter;
    }

    /// How many wait.
    public synchronized int count() {
        return count;
    }

    /// True if nobody waits.
    public boolean isEmpty() {
        return isEmpty;
    }

    /// The keys of `database` that anybody waits for.
    public synchronized Set<DbKey> keysOf(int database) {
        Set<DbKey> keys = new LinkedHashSet<>();
        for (DbKey key : queues.keySet()) if (key.database() == database) keys.add(key);
        return keys;
    }

    /// Serves those who wait for keys that the run of `keyspace` has changed, and for keys that
    /// serving them changes. If that breaks nobody was served, and `passedOver` is given the keys
    /// at which somebody may have been passed over.
    public Party join(Keyspace keyspace, Set<DbKey> passedOver) {
        var party = new Served(arrivals);
        boolean isWhole = false;
        try {
            for (List<DbKey> changed = keyspace.takeChanged();
                    !changed.isEmpty();
                    changed = keyspace.takeChanged()) {
                party.keys.addAll(changed);
                for (DbKey key : isEmpty ? List.<DbKey>of() : changed) serve(keyspace, key, party);
            }
            isWhole = true;
            return party;
        } finally {
            if (!isWhole) passedOver.addAll(party.dropped());
        }
    }

    private void serve(Keyspace keyspace, DbKey key, Served party) {
        for (Waiter waiter : queue(key)) {
            if (party.guests.containsKey(waiter) || !waiter.claim(key)) continue;
            Reply reply = null;
            try {
                reply = attempt(keyspace.in(key.database()), waiter, key);
            } finally {
                if (reply == null) party.again.addAll(waiter.release());
            }
            if (reply != null) party.guests.put(waiter, reply);
        }
    }

    private static @Nullable Reply attempt(Keyspace keyspace, Waiter waiter, DbKey key) {
        try {
            return keyspace.<@Nullable Reply>guarded(
                    within -> waiter.command().serve(within, key.key()));
        } catch (RespError error) {
            return Reply.error(error.text());
        }
    }

    /// Sends everybody away who waits for one of `keys`, with an error: they cannot be served.
    public void dismiss(Set<DbKey> keys, String error) {
        for (DbKey key : keys) for (Waiter waiter : queue(key)) waiter.end(Reply.error(error));
    }

    synchronized void remove(Waiter waiter) {
        boolean wasThere = false;
        for (DbKey key : waiter.keys()) {
            LinkedHashSet<Waiter> queue = queues.get(key);
            if (queue == null) continue;
            wasThere |= queue.remove(waiter);
            if (queue.isEmpty()) queues.remove(key);
        }
        if (wasThere) count--;
        isEmpty = count == 0;
    }

    long nanosAfter(long millis) {
        return env.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private synchronized List<Waiter> queue(DbKey key) {
        LinkedHashSet<Waiter> queue = queues.get(key);
        return queue == null ? List.of() : new ArrayList<>(queue);
    }

    private synchronized Set<DbKey> waitedFor(List<DbKey> keys) {
        Set<DbKey> found = new LinkedHashSet<>(keys);
        found.retainAll(queues.keySet());
        return found;
    }

    /// Those who were served within one run. Of one thread.
    private final class Served implements Party {
        private final Map<Waiter, Reply> guests = new LinkedHashMap<>();
        private final List<DbKey> keys = new ArrayList<>();
        private final Set<DbKey> again = new LinkedHashSet<>();
        private final long arrivalsBefore;

        Served(long arrivalsBefore) {
            this.arrivalsBefore = arrivalsBefore;
        }

        @Override
        public Set<DbKey> committed(long seq) {
            guests.forEach((waiter, reply) -> waiter.deliver(reply, seq));
            if (arrivals != arrivalsBefore) again.addAll(waitedFor(keys));
            return again;
        }

        @Override
        public Set<DbKey> dropped() {
            for (Waiter waiter : guests.keySet()) again.addAll(waiter.release());
            guests.clear();
            return again;
        }
    }
}

package dev.holdfast.redis.keyspace;

import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.signal.DbKey;
import dev.holdfast.redis.signal.EventKind;
import dev.holdfast.redis.signal.KeyEvent;
import java.util.List;
import java.util.Set;

/// Those who look on while runs write: who waits for keys, and who listens to what happens to them.
/// Thread-safe.
public interface Onlookers {
    /// Nobody.
    Onlookers NONE = new Nobody();

    /// True if somebody listens to events of `kind`.
    boolean wants(EventKind kind);

    /// An event of a run that has committed: it may be told once `seq` is durable.
    void happened(KeyEvent event, long seq);

    /// A run of the client called `author`, 0 if of none, has changed `keys` and committed. Some
    /// may be named more than once.
    void changed(List<DbKey> keys, long author);

    /// A run has emptied databases, or put them in the place of others, and committed.
    void emptied();

    /// Has those served who wait for keys that the run has changed so far, within the run and so as
    /// one with it. Called once, at the end of a run that wrote. Whoever is served must be told how
    /// the run ended. If this breaks nobody was served, and `passedOver` is given the keys at which
    /// a run of their own must look.
    Party join(Keyspace keyspace, Set<DbKey> passedOver);

    /// The keys of `database` that anybody waits for.
    Set<DbKey> waitedFor(int database);

    /// Nobody who waits for `keys` can be served at present.
    void cannotServe(Set<DbKey> keys, StorageException why);

    /// Those who were served within one run, until they know how it ended. Exactly one of the two
    /// is called, and returns the keys at which a run of their own must look because somebody may
    /// have been passed over.
    interface Party {
        /// Nobody.
        Party EMPTY = new Empty();

        /// The run has committed: what was served is theirs once `seq` is durable.
        Set<DbKey> committed(long seq);

        /// The run did not commit: nobody was served.
        Set<DbKey> dropped();
    }

    /// A party without guests.
    record Empty() implements Party {
        @Override
        public Set<DbKey> committed(long seq) {
            return Set.of();
        }

        @Override
        public Set<DbKey> dropped() {
            return Set.of();
        }
    }

    /// Where nobody looks on.
    record Nobody() implements Onlookers {
        @Override
        public boolean wants(EventKind kind) {
            return false;
        }

        @Override
        public void happened(KeyEvent event, long seq) {}

        @Override
        public void changed(List<DbKey> keys, long author) {}

        @Override
        public void emptied() {}

        @Override
        public Party join(Keyspace keyspace, Set<DbKey> passedOver) {
            return Party.EMPTY;
        }

        @Override
        public Set<DbKey> waitedFor(int database) {
            return Set.of();
        }

        @Override
        public void cannotServe(Set<DbKey> keys, StorageException why) {}
    }
}

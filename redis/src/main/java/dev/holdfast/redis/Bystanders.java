package dev.holdfast.redis;

import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Onlookers;
import dev.holdfast.redis.pubsub.KeyNews;
import dev.holdfast.redis.signal.DbKey;
import dev.holdfast.redis.signal.EventKind;
import dev.holdfast.redis.signal.KeyEvent;
import dev.holdfast.redis.tracking.Tracking;
import dev.holdfast.redis.waiting.WaitingRoom;
import java.util.List;
import java.util.Set;

/// Who looks on in this server: calls that wait for keys, subscribers to events on keys, and
/// clients that keep copies of keys.
record Bystanders(WaitingRoom waitingRoom, KeyNews news, Tracking tracking) implements Onlookers {
    @Override
    public boolean wants(EventKind kind) {
        return news.wants(kind);
    }

    @Override
    public void happened(KeyEvent event, long seq) {
        news.publish(event, seq);
    }

    @Override
    public void changed(List<DbKey> keys, long author) {
        tracking.changed(keys, author);
    }

    @Override
    public void emptied() {
        tracking.emptied();
    }

    @Override
    public Party join(Keyspace keyspace, Set<DbKey> passedOver) {
        return waitingRoom.join(keyspace, passedOver);
    }

    @Override
    public Set<DbKey> waitedFor(int database) {
        return waitingRoom.keysOf(database);
    }

    @Override
    public void cannotServe(Set<DbKey> keys, StorageException why) {
        waitingRoom.dismiss(keys, "TRYAGAIN cannot be served at present. " + why.getMessage());
    }
}

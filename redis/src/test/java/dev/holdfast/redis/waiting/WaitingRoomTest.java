package dev.holdfast.redis.waiting;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.WaitingCommand;
import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.fake.NoPeer;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.keyspace.Onlookers;
import dev.holdfast.redis.keyspace.StringForm;
import dev.holdfast.redis.keyspace.TestEnv;
import dev.holdfast.redis.signal.DbKey;
import dev.holdfast.redis.signal.EventKind;
import dev.holdfast.redis.signal.KeyEvent;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {
    private static final Bytes BROKEN = Bytes.utf8("broken");
    private static final Bytes SOUND = Bytes.utf8("sound");

    private final TestEnv env = new TestEnv(1);
    private final WaitingRoom room = new WaitingRoom(env);
    private final Keyspaces keyspaces = Keyspaces.open(new FakeDb(), env);

    @BeforeEach
    void lookOn() {
        keyspaces.lookedOnBy(new Waiting(room));
    }

    @Test
    void shouldServeWhoeverWasPassedOverWhenTheRunThatHadItBreaks() throws Exception {
        // given: while one run serves it, another changes the other of its keys, and passes it over
        Waiter waiter = wait(() -> set(SOUND));
        // when
        StorageException broken =
                assertThrows(StorageException.Unavailable.class, () -> set(BROKEN));
        // then
        assertTrue(waiter.isOver(), "left waiting for a key that is there: " + broken);
        assertSame(Reply.ONE, waiter.reply());
    }

    @Test
    void shouldGoOnWaitingWhenTheRunThatHadItBreaksAndNothingElseHappened() throws Exception {
        // given
        Waiter waiter = wait(() -> {});
        // when
        assertThrows(StorageException.Unavailable.class, () -> set(BROKEN));
        // then
        assertFalse(waiter.isOver());
        // and is served once there is something
        set(SOUND);
        assertSame(Reply.ONE, waiter.reply());
    }

    private Waiter wait(Runnable meanwhile) {
        var command = new Breaking(meanwhile);
        return room.enter(new Session(1, new NoPeer(), 0), command, command.patience());
    }

    private void set(Bytes key) {
        try {
            keyspaces.execute(
                    0,
                    keyspace -> {
                        keyspace.overwriteAt(key).set(key, StringForm.PLAIN, Meta.NO_EXPIRY);
                        return 0;
                    });
        } catch (InterruptedException cut) {
            throw new AssertionError(cut);
        }
    }

    /// Waits for two keys, and breaks at one of them.
    private record Breaking(Runnable meanwhile) implements WaitingCommand {
        @Override
        public Reply attempt(Keyspace keyspace) {
            return null;
        }

        @Override
        public Reply serve(Keyspace keyspace, Bytes key) {
            if (key.equals(SOUND)) return Reply.ONE;
            meanwhile.run();
            throw new StorageException.Unavailable("broken on purpose", null);
        }

        @Override
        public Patience patience() {
            return new Patience(List.of(BROKEN, SOUND), 0);
        }
    }

    /// Only those who wait look on.
    private record Waiting(WaitingRoom room) implements Onlookers {
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
            return room.join(keyspace, passedOver);
        }

        @Override
        public Set<DbKey> waitedFor(int database) {
            return room.keysOf(database);
        }

        @Override
        public void cannotServe(Set<DbKey> keys, StorageException why) {
            room.dismiss(keys, why.getMessage());
        }
    }
}

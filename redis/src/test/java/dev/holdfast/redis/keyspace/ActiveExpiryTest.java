package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.holdfast.engine.api.Scan;
import dev.holdfast.redis.fake.FakeDb;
import org.junit.jupiter.api.Test;

class ActiveExpiryTest {
    private final TestEnv env = new TestEnv(1);
    private final FakeDb db = new FakeDb();
    private final Keyspaces keyspaces = Keyspaces.open(db, env);
    private final CommandLine calls = new CommandLine(keyspaces);
    private final ActiveExpiry expiry = new ActiveExpiry(keyspaces, env);

    @Test
    void shouldRemoveKeysWhenTheirTimeIsOver() throws Exception {
        // given
        calls.call("SET stays v");
        calls.call("SET later v PX 5000");
        for (int i = 0; i < 250; i++) calls.call("SET soon" + i + " v PX " + (100 + i));
        env.forwardMillis(1_000);
        // when
        int settled = expiry.sweep();
        // then
        assertEquals(250, settled);
        assertEquals(new KeyCount(2, 1), keyspaces.keyCount(0));
        assertEquals(0, expiry.sweep());
    }

    @Test
    void shouldRemoveABoundedNumberWhenManyAreDue() throws Exception {
        for (int i = 0; i < 2_500; i++) calls.call("SET k" + i + " v PX 100");
        env.forwardMillis(200);

        assertEquals(1_000, expiry.sweep());
        assertEquals(1_500, keyspaces.keyCount(0).keys());
        assertEquals(1_000, expiry.sweep());
        assertEquals(500, expiry.sweep());
        assertEquals(KeyCount.NONE, keyspaces.keyCount(0));
    }

    @Test
    void shouldSpareAKeyWhenItsExpiryWasMoved() throws Exception {
        calls.call("SET k v PX 100");
        calls.call("PEXPIRE k 10000");
        calls.call("SET persisted v PX 100");
        calls.call("PERSIST persisted");
        env.forwardMillis(200);

        assertEquals(0, expiry.sweep());
        assertEquals(new KeyCount(2, 1), keyspaces.keyCount(0));
    }

    @Test
    void shouldFollowTheKeyWhenItsDatabaseWasSwapped() throws Exception {
        calls.call("SET k v PX 100");
        calls.call("SWAPDB 0 7");
        env.forwardMillis(200);

        assertEquals(1, expiry.sweep());
        assertEquals(KeyCount.NONE, keyspaces.keyCount(7));
    }

    @Test
    void shouldClearTheExpiryRowsWhenTheirDatabaseWasFlushed() throws Exception {
        calls.call("SET k v PX 100");
        calls.call("FLUSHDB");
        calls.call("SET k v");
        env.forwardMillis(200);

        assertEquals(1, expiry.sweep());
        assertEquals(new KeyCount(1, 0), keyspaces.keyCount(0));
        try (Scan scan = db.scan(RowKeys.expiries(Long.MIN_VALUE, Long.MAX_VALUE))) {
            assertFalse(scan.next());
        }
    }

    @Test
    void shouldFindWhatExpiresNowWhenTheClockWentBack() throws Exception {
        calls.call("SET k v PX 100");
        env.forwardMillis(1_000_000);
        assertEquals(1, expiry.sweep());
        env.forwardMillis(-900_000);
        calls.call("SET k v PX 100");
        env.forwardMillis(200);

        assertEquals(1, expiry.sweep());
        assertEquals(KeyCount.NONE, keyspaces.keyCount(0));
    }
}

package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyspacesTest {
    private static final Bytes KEY = Bytes.utf8("key");
    private static final Bytes OTHER = Bytes.utf8("other");
    private static final Bytes VALUE = Bytes.utf8("value");

    private final TestEnv env = new TestEnv(1);
    private final FakeDb db = new FakeDb();
    private final Keyspaces keyspaces = Keyspaces.open(db, env);

    @Test
    void shouldSeeItsOwnWritesWhenARunReadsThem() throws Exception {
        List<Bytes> seen =
                keyspaces
                        .execute(
                                0,
                                keyspace -> {
                                    set(keyspace, KEY, VALUE);
                                    set(keyspace, OTHER, VALUE);
                                    keyspace.delete(OTHER);
                                    List<Bytes> found = new ArrayList<>();
                                    keyspace.scan(0, 10, each -> found.add(each.key()));
                                    assertEquals(VALUE, keyspace.string(KEY));
                                    assertEquals(1, keyspace.count().keys());
                                    return found;
                                })
                        .result();

        assertEquals(List.of(KEY), seen);
    }

    @Test
    void shouldCommitNothingWhenARunIsRefused() throws Exception {
        Executed<String> executed =
                keyspaces.execute(
                        0,
                        keyspace -> {
                            set(keyspace, KEY, VALUE);
                            throw new RespError("ERR no");
                        },
                        RespError::text);

        assertEquals("ERR no", executed.result());
        assertNull(get(0, KEY));
    }

    @Test
    void shouldNameTheCommitThatWasSeenWhenARunOnlyReads() throws Exception {
        // given
        long written = keyspaces.execute(0, keyspace -> set(keyspace, KEY, VALUE)).seq();
        keyspaces.execute(0, keyspace -> set(keyspace, OTHER, VALUE));
        // when
        long seen = keyspaces.execute(0, keyspace -> keyspace.string(KEY)).seq();
        long refused =
                keyspaces
                        .execute(
                                0,
                                keyspace -> {
                                    keyspace.find(KEY);
                                    throw new RespError("ERR no");
                                },
                                RespError::text)
                        .seq();
        // then
        assertEquals(written, seen);
        assertEquals(written, refused);
    }

    @Test
    void shouldRunAgainWhenAnotherRunWroteWhatItRead() throws Exception {
        // given
        List<Bytes> read = new ArrayList<>();
        // when
        keyspaces.execute(
                0,
                keyspace -> {
                    read.add(keyspace.string(KEY));
                    if (read.size() == 1) setFromOutside(KEY, OTHER);
                    return set(keyspace, KEY, VALUE);
                });
        // then
        assertEquals(Arrays.asList(null, OTHER), read);
        assertEquals(VALUE, get(0, KEY));
    }

    @Test
    void shouldNotWriteIntoADroppedGenerationWhenTheDatabaseIsFlushedMeanwhile() throws Exception {
        // given
        int[] runs = {0};
        // when
        keyspaces.execute(
                0,
                keyspace -> {
                    if (runs[0]++ == 0) flushFromOutside();
                    return set(keyspace, KEY, VALUE);
                });
        // then
        assertEquals(2, runs[0]);
        assertEquals(VALUE, get(0, KEY));
        assertEquals(1, keyspaces.keyCount(0).keys());
    }

    @Test
    void shouldEmptyOneDatabaseWithAFewRowsWhenItIsFlushed() throws Exception {
        // given
        for (int i = 0; i < 100; i++) {
            Bytes key = Bytes.utf8("k" + i);
            keyspaces.execute(0, keyspace -> set(keyspace, key, VALUE));
        }
        keyspaces.execute(1, keyspace -> set(keyspace, KEY, VALUE));
        // when
        keyspaces.execute(
                0,
                keyspace -> {
                    keyspace.flush();
                    assertEquals(1, keyspace.execution().rows().toBatch().rows());
                    return 0;
                });
        // then
        assertEquals(KeyCount.NONE, keyspaces.keyCount(0));
        assertNull(get(0, Bytes.utf8("k7")));
        assertEquals(VALUE, get(1, KEY));
    }

    @Test
    void shouldExchangeKeysAndCountsWhenDatabasesAreSwapped() throws Exception {
        // given
        keyspaces.execute(0, keyspace -> set(keyspace, KEY, VALUE));
        keyspaces.execute(0, keyspace -> set(keyspace, OTHER, VALUE));
        keyspaces.execute(5, keyspace -> set(keyspace, KEY, OTHER));
        // when
        keyspaces.execute(
                0,
                keyspace -> {
                    keyspace.swap(5);
                    return 0;
                });
        // then
        assertEquals(OTHER, get(0, KEY));
        assertEquals(VALUE, get(5, KEY));
        assertEquals(1, keyspaces.keyCount(0).keys());
        assertEquals(2, keyspaces.keyCount(5).keys());
    }

    @Test
    void shouldNotShowAKeyWhenItsTimeIsOver() throws Exception {
        // given
        long at = env.currentTimeMillis() + 50;
        keyspaces.execute(
                0,
                keyspace -> {
                    keyspace.overwriteAt(KEY).set(VALUE, StringForm.PLAIN, at);
                    return 0;
                });
        // when
        env.forwardMillis(51);
        // then
        assertNull(get(0, KEY));
        assertEquals(new KeyCount(1, 1), keyspaces.keyCount(0));
        assertFalse(keyspaces.execute(0, keyspace -> keyspace.delete(KEY)).result());
        assertEquals(KeyCount.NONE, keyspaces.keyCount(0));
    }

    @Test
    void shouldLeaveNoRowsOfAKeyWhenItIsDeletedBeforeItExpires() throws Exception {
        // given
        long at = env.currentTimeMillis() + 50;
        keyspaces.execute(
                0,
                keyspace -> {
                    keyspace.overwriteAt(KEY).set(VALUE, StringForm.PLAIN, at);
                    return 0;
                });
        // when
        keyspaces.execute(0, keyspace -> keyspace.delete(KEY));
        // then
        try (var scan = db.scan(RowKeys.expiries(Long.MIN_VALUE, Long.MAX_VALUE))) {
            assertFalse(scan.next());
        }
    }

    @Test
    void shouldNeverUseAVersionTwiceWhenTheDatabaseIsOpenedAgain() throws Exception {
        // given
        Bytes large = Bytes.wrap(new byte[RedisString.INLINE_BYTES_MAX + 1]);
        keyspaces.execute(0, keyspace -> set(keyspace, KEY, large));
        long version = versionOf(keyspaces);
        // when
        Keyspaces reopened = Keyspaces.open(db, env);
        reopened.execute(0, keyspace -> set(keyspace, KEY, large));
        // then
        assertTrue(version < versionOf(reopened));
    }

    @Test
    void shouldRefuseToOpenWhenTheRowsAreOfAnotherKind() {
        var foreign = new FakeDb();
        foreign.write(
                new WriteBatch().put(Bytes.wrap(new byte[] {1, 4, 2}), VALUE), Durability.MEMORY);
        var newer = new FakeDb();
        newer.write(
                new WriteBatch().put(RowKeys.ROOT, Bytes.wrap(new byte[] {2})), Durability.MEMORY);

        assertThrows(StorageException.Invalid.class, () -> Keyspaces.open(foreign, env));
        assertThrows(StorageException.Invalid.class, () -> Keyspaces.open(newer, env));
    }

    private static long versionOf(Keyspaces keyspaces) throws InterruptedException {
        return keyspaces.execute(0, keyspace -> keyspace.find(KEY).rows().version()).result();
    }

    private static int set(Keyspace keyspace, Bytes key, Bytes value) {
        keyspace.overwriteAt(key).set(value, StringForm.PLAIN, Meta.NO_EXPIRY);
        return 0;
    }

    private Bytes get(int database, Bytes key) throws InterruptedException {
        return keyspaces.execute(database, keyspace -> keyspace.string(key)).result();
    }

    private void setFromOutside(Bytes key, Bytes value) {
        try {
            keyspaces.execute(0, keyspace -> set(keyspace, key, value));
        } catch (InterruptedException cut) {
            throw new AssertionError(cut);
        }
    }

    private void flushFromOutside() {
        try {
            keyspaces.execute(
                    0,
                    keyspace -> {
                        keyspace.flush();
                        return 0;
                    });
        } catch (InterruptedException cut) {
            throw new AssertionError(cut);
        }
    }
}

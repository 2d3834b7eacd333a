package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.resp.RespError;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a thread that must not wait may do with a keyspace: look at rows in memory, and nothing
/// else.
class LookInPassingTest {
    private static final Bytes KEY = Bytes.utf8("key");
    private static final Bytes VALUE = Bytes.utf8("value");

    private final FakeDb db = new FakeDb();
    private final Keyspaces keyspaces = Keyspaces.open(db, new TestEnv(1));
    private long written;

    @BeforeEach
    void write() throws Exception {
        written = keyspaces.execute(0, keyspace -> set(keyspace, VALUE)).seq();
    }

    @Test
    void shouldFindARowInMemoryAndTellWhichCommitItIsOf() {
        Executed<Object> executed = look(keyspace -> keyspace.string(KEY));
        assertNotNull(executed);
        assertEquals(VALUE, executed.result());
        assertEquals(written, executed.seq());
        assertEquals(1, keyspaces.traffic().hits().sum());
    }

    @Test
    void shouldTellAnError() {
        Executed<Object> executed = look(keyspace -> keyspace.collectionAt(KEY, KeyType.LIST));
        assertNotNull(executed);
        assertEquals(RespError.WRONG_TYPE, executed.result());
    }

    @Test
    void shouldDoNothingWhenARowIsNotInMemory() {
        db.keepAway("key");
        assertNull(look(keyspace -> keyspace.string(KEY)));
    }

    @Test
    void shouldDoNothingWhenNoRowAtAllIsInMemory() {
        db.keepAway("\u0001");
        assertNull(look(Keyspace::nowMillis));
    }

    @Test
    void shouldNotWalk() {
        assertNull(look(keyspace -> keyspace.scan(0, 10, _ -> {})));
        assertNull(look(keyspace -> keyspace.count().keys()));
    }

    @Test
    void shouldCommitNothing() throws Exception {
        assertNull(look(keyspace -> set(keyspace, KEY)));
        Bytes found = keyspaces.execute(0, keyspace -> keyspace.string(KEY)).result();
        assertEquals(VALUE, found);
    }

    private @Nullable Executed<Object> look(Function<Keyspace, Object> body) {
        return keyspaces.lookInPassing(body, RespError::text);
    }

    private static int set(Keyspace keyspace, Bytes value) {
        keyspace.overwriteAt(KEY).set(value, StringForm.PLAIN, Meta.NO_EXPIRY);
        return 0;
    }
}

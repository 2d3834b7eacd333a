package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.keyspace.Keyspace.Copied;
import dev.holdfast.redis.keyspace.Keyspace.Passage;
import dev.holdfast.redis.memory.Allowance;
import dev.holdfast.redis.resp.RespError;
import org.junit.jupiter.api.Test;

/// Values that one run may not hold: their rows are copied beforehand.
class CopyAheadTest {
    private static final Bytes SOURCE = Bytes.utf8("source");
    private static final Bytes TARGET = Bytes.utf8("target");
    private static final Passage PASSAGE = new Passage(SOURCE, 0, TARGET);
    private static final int ROWS = 1000;

    private final Keyspaces keyspaces =
            Keyspaces.open(new FakeDb(), new TestEnv(1), new Allowance(1 << 19));

    CopyAheadTest() throws InterruptedException {
        for (int from = 0; from < ROWS; from += 100) {
            int start = from;
            keyspaces.execute(0, keyspace -> fill(keyspace, start, start + 100));
        }
    }

    private static long fill(Keyspace keyspace, int from, int end) {
        Collection collection = keyspace.collectionAt(SOURCE, KeyType.LIST);
        for (int i = from; i < end; i++)
            collection.put(MemberRow.element(i), Bytes.wrap(new byte[1000]));
        collection.save(end, Bytes.utf8("tail"));
        return end;
    }

    private String copy(Keyspace keyspace) {
        Meta meta = keyspace.find(SOURCE);
        if (meta == null) throw new RespError(RespError.NO_SUCH_KEY);
        keyspace.copy(SOURCE, meta, keyspace, TARGET);
        return "copied";
    }

    private String run(Copied ahead) throws InterruptedException {
        return keyspaces
                .execute(0, keyspace -> copy(keyspace.with(ahead)), RespError::text)
                .result();
    }

    private long rowsAt(Bytes key) throws InterruptedException {
        return keyspaces
                .execute(
                        0,
                        keyspace -> {
                            Collection found = keyspace.collectionAt(key, KeyType.LIST);
                            long count = 0;
                            try (Collection.Rows rows =
                                    found.rows(KeyRange.all(), Order.ASCENDING)) {
                                while (rows.next()) count++;
                            }
                            assertEquals(found.count(), count);
                            return count;
                        })
                .result();
    }

    private Meta find(Bytes key) throws InterruptedException {
        return keyspaces.execute(0, keyspace -> keyspace.find(key)).result();
    }

    @Test
    void shouldRefuseInOneRunWhatItMayNotHold() throws Exception {
        String refused = keyspaces.execute(0, this::copy, RespError::text).result();

        assertTrue(refused.startsWith(RespError.OUT_OF_MEMORY), refused);
        assertNull(find(TARGET));
    }

    @Test
    void shouldShowNothingOfRowsCopiedAheadUntilARunNamesThem() throws Exception {
        Copied ahead = keyspaces.copyAhead(0, PASSAGE);
        assertNull(find(TARGET));
        assertEquals(1, keyspaces.keyCount(0).keys());

        assertEquals("copied", run(ahead));

        assertTrue(ahead.isNamed().get());
        assertEquals(ROWS, rowsAt(TARGET));
        assertEquals(ROWS, rowsAt(SOURCE));
        assertEquals(2, keyspaces.keyCount(0).keys());
        assertEquals(Bytes.utf8("tail"), find(TARGET).tail());
    }

    @Test
    void shouldNotNameRowsWhoseSourceWasChangedMeanwhile() throws Exception {
        Copied ahead = keyspaces.copyAhead(0, PASSAGE);
        keyspaces.execute(0, keyspace -> fill(keyspace, ROWS, ROWS + 1));

        assertEquals(Keyspace.CHANGED_MEANWHILE, run(ahead));

        assertFalse(ahead.isNamed().get());
        keyspaces.giveUp(ahead);
        assertNull(find(TARGET));
        assertEquals("copied", run(keyspaces.copyAhead(0, PASSAGE)));
        assertEquals(ROWS + 1, rowsAt(TARGET));
    }

    /// A compaction may have dropped them behind that row.
    @Test
    void shouldNotNameRowsWhoseTargetWasWrittenMeanwhile() throws Exception {
        Copied ahead = keyspaces.copyAhead(0, PASSAGE);
        keyspaces.execute(
                0,
                keyspace -> {
                    Bytes other = Bytes.utf8("other");
                    keyspace.overwriteAt(TARGET).set(other, StringForm.PLAIN, Meta.NO_EXPIRY);
                    return "";
                });

        assertEquals(Keyspace.CHANGED_MEANWHILE, run(ahead));

        keyspaces.giveUp(ahead);
        assertEquals(KeyType.STRING, find(TARGET).type());
    }

    @Test
    void shouldNeverUseAVersionTwice() throws Exception {
        Copied one = keyspaces.copyAhead(0, PASSAGE);
        Copied other = keyspaces.copyAhead(0, PASSAGE);

        assertTrue(one.version() < other.version());
        Keyspaces again = Keyspaces.open(keyspaces.db(), new TestEnv(2));
        assertTrue(other.version() < again.copyAhead(0, PASSAGE).version());
    }
}

package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.StorageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowKeysTest {
    private static final KeyHash HASH = new KeyHash(Bytes.wrap(new byte[Root.SEED_BYTES]));

    @Test
    void shouldGiveTheKeyBackWhenItsRowKeyIsDecoded() {
        for (Bytes key : keys(new Random(7), 2_000)) {
            // when
            Bytes metaKey = meta(3, 99, key);
            // then
            assertEquals(key, RowKeys.keyOf(metaKey));
            assertEquals(3, RowKeys.generationOf(metaKey));
            assertEquals(99, RowKeys.hashOf(metaKey));
            assertEquals(metaKey.length(), RowKeys.metaLength(metaKey));
        }
    }

    @Test
    void shouldOrderRowsAsTheKeysWhenHashesAreEqual() {
        long seed = Long.getLong("rows.seed", System.nanoTime());
        List<Bytes> keys = keys(new Random(seed), 400);
        for (Bytes one : keys) {
            for (Bytes other : keys) {
                int order = Integer.signum(one.compareTo(other));
                int rowOrder = Integer.signum(meta(1, 5, one).compareTo(meta(1, 5, other)));
                assertEquals(order, rowOrder, () -> "seed=" + seed + " " + one + " " + other);
            }
        }
    }

    @Test
    void shouldFindTheRowsOfOneKeyOnlyWhenItsPrefixIsSought() {
        long seed = Long.getLong("rows.seed", System.nanoTime());
        List<Bytes> keys = keys(new Random(seed), 300);
        for (Bytes one : keys) {
            KeyRange range = KeyRange.prefix(meta(1, 5, one));
            for (Bytes other : keys) {
                Bytes row = row(meta(1, 5, other), 77, MemberRow.element(-3));
                assertEquals(one.equals(other), range.contains(row), () -> "seed=" + seed);
                assertEquals(one.equals(other), range.contains(meta(1, 5, other)));
            }
        }
    }

    @Test
    void shouldPutTheMetaRowFirstWhenAKeyHasRows() {
        // given
        Bytes metaKey = meta(1, 5, Bytes.utf8("list"));
        // when
        Bytes row = row(metaKey, 1, MemberRow.element(Long.MIN_VALUE));
        // then
        assertTrue(metaKey.compareTo(row) < 0);
        assertEquals(metaKey.length(), RowKeys.metaLength(row));
    }

    @Test
    void shouldRefuseAKeyWhenItsEscapedFormIsTooLong() {
        byte[] zeros = new byte[RowKeys.ESCAPED_BYTES_MAX / 2];
        byte[] letters = new byte[RowKeys.ESCAPED_BYTES_MAX];
        Arrays.fill(letters, (byte) 'x');

        assertNotNull(RowKeys.meta(1, 1, Bytes.wrap(zeros)));
        assertNotNull(RowKeys.meta(1, 1, Bytes.wrap(letters)));
        assertNull(RowKeys.meta(1, 1, Bytes.wrap(new byte[zeros.length + 1])));
        assertNull(RowKeys.meta(1, 1, Bytes.wrap(new byte[letters.length])));
    }

    @Test
    void shouldOrderExpiriesByTimeWhenTheyAreOfAllSigns() {
        long[] times = {Long.MIN_VALUE, -1, 0, 1, 1_700_000_000_000L, Long.MAX_VALUE};
        for (int i = 1; i < times.length; i++) {
            Bytes earlier = RowKeys.expiry(times[i - 1], 9, Bytes.utf8("z"));
            Bytes later = RowKeys.expiry(times[i], 1, Bytes.EMPTY);
            assertTrue(earlier.compareTo(later) < 0);
            assertEquals(new RowKeys.Expiry(times[i], 1, Bytes.EMPTY), RowKeys.decodeExpiry(later));
            assertTrue(RowKeys.expiries(times[i - 1], times[i]).contains(earlier));
            assertTrue(!RowKeys.expiries(times[i - 1], times[i]).contains(later));
        }
    }

    @Test
    void shouldTellTheRowsOfLibrariesFromAllOthers() {
        Bytes row = RowKeys.library(Bytes.utf8("lib"));

        assertEquals(Bytes.wrap(new byte[] {1, 6, 'l', 'i', 'b'}), row);
        assertEquals(Bytes.utf8("lib"), RowKeys.libraryIn(row));
        assertNull(RowKeys.libraryIn(RowKeys.LIBRARIES));
        assertNull(RowKeys.libraryIn(RowKeys.ROOT));
        assertNull(RowKeys.libraryIn(meta(1, 5, Bytes.utf8("lib"))));
        assertTrue(!RowKeys.isOfAllKeys(row) && !RowKeys.isOfOneKey(row));
    }

    @Test
    void shouldSayCorruptWhenARowKeyIsCut() {
        Bytes metaKey = meta(1, 5, Bytes.utf8("a\0b"));
        for (int length = 2; length < metaKey.length(); length++) {
            Bytes cut = metaKey.slice(0, length);
            assertThrows(StorageException.CorruptData.class, () -> RowKeys.metaLength(cut));
        }
    }

    @Test
    void shouldOrderScoresAsNumbersWhenTheyAreEncoded() {
        double[] scores = {
            Double.NEGATIVE_INFINITY,
            -1e300,
            -1,
            -Double.MIN_VALUE,
            0,
            Double.MIN_VALUE,
            0.5,
            2,
            Double.POSITIVE_INFINITY
        };
        for (int i = 0; i < scores.length; i++) {
            assertEquals(scores[i], MemberRow.unordered(MemberRow.ordered(scores[i])));
            if (i == 0) continue;
            Bytes less = MemberRow.score(scores[i - 1], Bytes.utf8("z"));
            Bytes more = MemberRow.score(scores[i], Bytes.utf8("a"));
            assertTrue(less.compareTo(more) < 0);
        }
        assertEquals(MemberRow.ordered(0.0), MemberRow.ordered(-0.0));
    }

    @Test
    void shouldKeepKindsApartWhenNamesAreEqual() {
        Bytes metaKey = meta(1, 5, Bytes.utf8("k"));
        Bytes name = Bytes.utf8("name");
        Bytes member = MemberRow.SET_MEMBER.hashed(HASH.of(name), name);
        Bytes field = MemberRow.HASH_FIELD.hashed(HASH.of(name), name);

        assertTrue(MemberRow.SET_MEMBER.range().contains(member));
        assertTrue(!MemberRow.SET_MEMBER.range().contains(field));
        assertTrue(!MemberRow.SET_MEMBER.from(HASH.of(name) + 1).contains(member));
        assertEquals(name, MemberRow.memberIn(member));
        assertEquals(HASH.of(name), MemberRow.hashIn(member));
        assertTrue(row(metaKey, 4, member).startsWith(MemberRow.prefix(metaKey, 4)));
        assertTrue(!row(metaKey, 4, member).startsWith(MemberRow.prefix(metaKey, 5)));
    }

    @Test
    void shouldFindTheScoreRowWhereACountBegins() {
        Bytes score = MemberRow.score(-2.5, Bytes.utf8("m"));
        Bytes count = MemberRow.counted(1, score);

        assertEquals(score, MemberRow.countedFrom(count));
        assertTrue(MemberRow.counts(1).contains(count));
        assertTrue(!MemberRow.counts(0).contains(count));
        assertTrue(MemberRow.counted(1, Bytes.EMPTY).compareTo(count) < 0);
        assertEquals(-2.5, MemberRow.scoreIn(score));
        assertEquals(Bytes.utf8("m"), MemberRow.scoredIn(score));
    }

    private static Bytes row(Bytes metaKey, long version, Bytes name) {
        Bytes prefix = MemberRow.prefix(metaKey, version);
        byte[] row = new byte[prefix.length() + name.length()];
        prefix.copyTo(row, 0);
        name.copyTo(row, prefix.length());
        return Bytes.wrap(row);
    }

    private static Bytes meta(int generation, int hash, Bytes key) {
        Bytes metaKey = RowKeys.meta(generation, hash, key);
        assertNotNull(metaKey);
        return metaKey;
    }

    // Short keys of few letters, so that many are prefixes of others.
    private static List<Bytes> keys(Random random, int count) {
        byte[] letters = {0, 1, 2, (byte) 0xff, 'a'};
        List<Bytes> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] key = new byte[random.nextInt(6)];
            for (int j = 0; j < key.length; j++) key[j] = letters[random.nextInt(letters.length)];
            keys.add(Bytes.wrap(key));
        }
        return keys;
    }
}

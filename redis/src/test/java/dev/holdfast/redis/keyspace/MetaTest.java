package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetaTest {
    private static final Bytes VALUE = Bytes.utf8("value");

    @Test
    void shouldComeBackEqualWhenEncodedAndDecoded() {
        for (KeyType type : KeyType.values())
            for (StringForm form : StringForm.values())
                for (long expiry : new long[] {Meta.NO_EXPIRY, 0, Long.MAX_VALUE})
                    assertComesBack(type, form, expiry);
    }

    private static void assertComesBack(KeyType type, StringForm form, long expiry) {
        for (Meta.Rows rows : List.of(Meta.Rows.NONE, new Meta.Rows(7, 1L << 40))) {
            var meta = new Meta(type, form, expiry, rows, VALUE);
            assertEquals(meta, Meta.decode(meta.encode()));
        }
    }

    @Test
    void shouldSayCorruptWhenBytesAreMissingOrUnknown() {
        Bytes encoded =
                new Meta(KeyType.LIST, StringForm.PLAIN, 5, new Meta.Rows(1, 2), Bytes.EMPTY)
                        .encode();
        for (int length = 0; length < encoded.length(); length++)
            assertCorrupt(encoded.slice(0, length).toArray());
        assertCorrupt(new byte[] {2, 1, 0});
        assertCorrupt(new byte[] {1, 0, 0});
        assertCorrupt(new byte[] {1, 7, 0});
        assertCorrupt(new byte[] {1, 1, 16});
        assertCorrupt(new byte[] {1, 1, 12});
    }

    @Test
    void shouldLiveToTheLastMillisecondWhenItExpires() {
        Meta meta = Meta.inline(VALUE, StringForm.PLAIN, 100);

        assertFalse(meta.isExpired(100));
        assertTrue(meta.isExpired(101));
        assertFalse(meta.expiringAt(Meta.NO_EXPIRY).isExpired(Long.MAX_VALUE));
    }

    private static void assertCorrupt(byte[] encoded) {
        assertThrows(StorageException.CorruptData.class, () -> Meta.decode(Bytes.wrap(encoded)));
    }
}

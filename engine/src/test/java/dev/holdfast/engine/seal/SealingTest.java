package dev.holdfast.engine.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.format.seal.SealHead;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.wire.FormatException;
import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

/// Sections that are sealed, moved, changed and opened.
class SealingTest {
    private static final Env ENV = Env.system();
    private static final Ulid TABLE = new Ulid(7, 9);
    private static final Bytes CONTENT = Bytes.utf8("what nobody is to read");

    private final Sealing sealing = new Sealing(KeyRing.of(1, key(1)), ENV);

    private static byte[] key(int fill) {
        byte[] key = new byte[KeyRing.KEY_BYTES];
        Arrays.fill(key, (byte) fill);
        return key;
    }

    private static Bytes sealed(SectionSeal seal, long position) {
        int around = seal.headBytes() + seal.tailBytes();
        byte[] array = new byte[3 + CONTENT.length() + around];
        CONTENT.copyTo(array, 3 + seal.headBytes());
        int end = seal.seal(array, 3, 3 + seal.headBytes() + CONTENT.length(), position);
        assertEquals(array.length, end);
        return Bytes.copyOf(array, 3, end - 3);
    }

    @Test
    void shouldOpenWhatItSealed() {
        Bytes sealed = sealed(sealing.table(TABLE), 4096);

        assertTrue(SealHead.isSealed(sealed));
        assertEquals(1, SealHead.keyId(sealed));
        assertEquals(CONTENT, sealing.table(TABLE).open(sealed, 4096));
        assertFalse(sealed.toUtf8().contains("nobody"));
    }

    @Test
    void shouldRefuseEveryChangedByte() {
        Bytes sealed = sealed(sealing.table(TABLE), 4096);
        for (int at = 0; at < sealed.length(); at++) {
            byte[] changed = sealed.toArray();
            changed[at] ^= 1;
            SectionSeal strict =
                    new Sealing(KeyRing.of(1, key(1)).clear(KeyRing.Clear.REFUSE), ENV)
                            .table(TABLE);
            int where = at;
            boolean isOfTheKey = 5 <= at && at < 13;
            Class<? extends RuntimeException> expected =
                    isOfTheKey ? Invalid.class : FormatException.class;
            assertThrows(
                    expected, () -> strict.open(Bytes.wrap(changed), 4096), () -> "byte " + where);
        }
    }

    @Test
    void shouldRefuseEveryTruncation() {
        Bytes sealed = sealed(sealing.table(TABLE), 0);
        for (int length = 4; length < sealed.length(); length++) {
            Bytes cut = sealed.slice(0, length);
            assertThrows(FormatException.class, () -> sealing.table(TABLE).open(cut, 0));
        }
    }

    @Test
    void shouldRefuseWhatStandsElsewhere() {
        SectionSeal seal = sealing.table(TABLE);
        Bytes first = sealed(seal, 0);
        Bytes second = sealed(seal, 4096);

        assertThrows(FormatException.class, () -> sealing.table(TABLE).open(first, 4096));
        assertThrows(FormatException.class, () -> sealing.table(TABLE).open(second, 0));
        assertThrows(FormatException.class, () -> sealing.table(new Ulid(7, 10)).open(first, 0));
        assertThrows(FormatException.class, () -> sealing.log().open(first, 0));
    }

    @Test
    void shouldRefuseAHeadThatWasMadeToFit() {
        byte[] moved = sealed(sealing.table(TABLE), 0).toArray();
        SealHead head = SealHead.decode(Bytes.wrap(moved));
        new SealHead(head.keyId(), head.keyCheck(), head.object(), head.salt(), 4096)
                .encode(moved, 0);
        assertThrows(
                FormatException.class, () -> sealing.table(TABLE).open(Bytes.wrap(moved), 4096));

        Ulid other = new Ulid(8, 8);
        new SealHead(head.keyId(), head.keyCheck(), other, head.salt(), 0).encode(moved, 0);
        assertThrows(FormatException.class, () -> sealing.table(other).open(Bytes.wrap(moved), 0));
    }

    @Test
    void shouldNotMixTheSectionsOfTwoLogs() {
        Bytes one = sealed(sealing.log(), 0);
        Bytes other = sealed(sealing.log(), 100);
        SectionSeal reader = sealing.log();
        reader.open(one, 0);

        assertThrows(FormatException.class, () -> reader.open(other, 100));
    }

    @Test
    void shouldSealTheSameContentNeverAlike() {
        var seen = new HashSet<Bytes>();
        for (int i = 0; i < 100; i++) assertTrue(seen.add(sealed(sealing.table(TABLE), 0)));
        SectionSeal one = sealing.table(TABLE);
        assertNotEquals(
                sealed(one, 0).slice(SealHead.BYTES, SealHead.BYTES + 8),
                sealed(one, 1).slice(SealHead.BYTES, SealHead.BYTES + 8));
    }

    @Test
    void shouldTellAWrongKeyFromDamage() {
        Bytes sealed = sealed(sealing.table(TABLE), 0);
        var wrong = new Sealing(KeyRing.of(1, key(2)), ENV);
        var missing = new Sealing(KeyRing.of(2, key(1)), ENV);

        assertThrows(Invalid.class, () -> wrong.table(TABLE).open(sealed, 0));
        assertThrows(Invalid.class, () -> missing.table(TABLE).open(sealed, 0));
        assertThrows(Invalid.class, () -> Sealing.none(ENV).table(TABLE).open(sealed, 0));
        assertThrows(FormatException.class, () -> SectionSeal.NONE.open(sealed, 0));
    }
}

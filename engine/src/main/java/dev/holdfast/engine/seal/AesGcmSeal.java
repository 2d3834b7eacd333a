package dev.holdfast.engine.seal;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.format.seal.SealHead;
import dev.holdfast.format.seal.SectionSeal;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.FormatException;
import java.security.GeneralSecurityException;
import java.util.function.Supplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/// The seal of one file by AES-256-GCM: the head of a section is its associated data, so nothing
/// that the head says can be changed, and nothing sealed can stand elsewhere.
///
/// Thread-safe for opening; sealed by one thread.
final class AesGcmSeal implements SectionSeal {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;

    private final KeyRing ring;
    private final Ulid object;
    private final Supplier<Ulid> freshSalt;
    private final int sealingId; // 0 for none
    private @Nullable FileKey own; // made with the first section
    private volatile @Nullable FileKey opened; // of the section opened last

    AesGcmSeal(KeyRing ring, Ulid object, Supplier<Ulid> freshSalt) {
        this.ring = ring;
        this.object = object;
        this.freshSalt = freshSalt;
        sealingId = ring.sealing().orElse(0);
    }

    @Override
    public int headBytes() {
        return sealingId == 0 ? 0 : SealHead.BYTES;
    }

    @Override
    public int tailBytes() {
        return sealingId == 0 ? 0 : TAG_BYTES;
    }

    @Override
    public int seal(byte[] array, int start, int end, long position) {
        if (sealingId == 0) return end;
        FileKey key = own;
        if (key == null) {
            key = FileKey.of(ringKey(sealingId), sealingId, object, freshSalt.get());
            own = key;
        }
        int from = start + SealHead.BYTES;
        key.head(position).encode(array, start);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, position);
            cipher.updateAAD(array, start, SealHead.BYTES);
            int made = cipher.doFinal(array, from, end - from, array, from);
            return from + made;
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("cannot seal", impossible);
        }
    }

    @Override
    public Bytes open(Bytes stored, long position) {
        if (!SealHead.isSealed(stored)) {
            FormatException.require(
                    ring.clear() == KeyRing.Clear.READ, "section in clear, where none may be");
            return stored;
        }
        SealHead head = SealHead.decode(stored);
        FileKey key = keyFor(head);
        FormatException.require(
                head.object().equals(object), "sealed section of another file. at", position);
        FormatException.require(
                head.position() == position, "sealed section of another place", head.position());
        byte[] array = stored.array();
        int from = stored.offset() + SealHead.BYTES;
        int length = stored.length() - SealHead.BYTES;
        FormatException.require(TAG_BYTES <= length, "sealed section truncated. length", length);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, position);
            cipher.updateAAD(array, stored.offset(), SealHead.BYTES);
            return Bytes.wrap(cipher.doFinal(array, from, length));
        } catch (AEADBadTagException changed) {
            throw new FormatException("sealed section was changed. at=`" + position + "`", changed);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("cannot open", impossible);
        }
    }

    // Whoever opens the database can do something about these, and nobody else.
    private void requireKey(SealHead head) {
        if (ring.ids().isEmpty())
            throw new Invalid(
                    "encrypted, and no key was given. needed=`" + head.keyId() + "`", null);
        SecretKey key = ring.key(head.keyId()).orElse(null);
        if (key == null)
            throw new Invalid(
                    "encrypted with a key that is not in the ring. needed=`%d`, %s"
                            .formatted(head.keyId(), ring),
                    null);
        if (FileKey.checkOf(key) != head.keyCheck())
            throw new Invalid(
                    "encrypted with another key of this number. number=`" + head.keyId() + "`",
                    null);
    }

    private FileKey keyFor(SealHead head) {
        FileKey last = opened;
        if (last != null && last.isFor(head)) return last;
        // Sections of a log do not say whose they are: all of one object have one salt.
        boolean isLog = object.high() == 0;
        FormatException.require(last == null || !isLog, "sealed section of another log");
        requireKey(head);
        FileKey key = FileKey.of(ringKey(head.keyId()), head.keyId(), object, head.salt());
        opened = key;
        return key;
    }

    private SecretKey ringKey(int id) {
        return ring.key(id).orElseThrow();
    }

    private static Cipher cipher(int mode, FileKey key, long position)
            throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_BYTES];
        BigEndian.putU64(nonce, NONCE_BYTES - Long.BYTES, position);
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key.key(), new GCMParameterSpec(8 * TAG_BYTES, nonce));
        return cipher;
    }
}

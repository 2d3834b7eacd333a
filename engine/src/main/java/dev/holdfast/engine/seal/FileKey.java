package dev.holdfast.engine.seal;

import dev.holdfast.base.Ulid;
import dev.holdfast.format.seal.SealHead;
import dev.holdfast.format.wire.BigEndian;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The key of one file, which follows by HKDF-SHA-256 from a key of the ring, the file's salt and
/// what the file is.
///
/// @param keyId of the ring's key
/// @param check of the ring's key
/// @param object the table; zero for logs
record FileKey(SecretKey key, int keyId, int check, Ulid object, Ulid salt) {
    private static final byte[] FILE = "holdfast section 1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHECK = "holdfast check 1".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY_BYTES = 32;

    static FileKey of(SecretKey ringKey, int keyId, Ulid object, Ulid salt) {
        byte[] what = new byte[FILE.length + 2 * Long.BYTES];
        System.arraycopy(FILE, 0, what, 0, FILE.length);
        int at = BigEndian.putU64(what, FILE.length, object.high());
        BigEndian.putU64(what, at, object.low());
        byte[] salted = new byte[2 * Long.BYTES];
        BigEndian.putU64(salted, BigEndian.putU64(salted, 0, salt.high()), salt.low());
        byte[] derived = derived(ringKey, salted, what, KEY_BYTES);
        var key = new SecretKeySpec(derived, "AES");
        return new FileKey(key, keyId, checkOf(ringKey), object, salt);
    }

    /// Tells a key from another of the same number, and nothing else of it.
    static int checkOf(SecretKey ringKey) {
        return BigEndian.u32(derived(ringKey, new byte[0], CHECK, Integer.BYTES), 0);
    }

    private static byte[] derived(SecretKey ringKey, byte[] salt, byte[] what, int length) {
        try {
            var from = HKDFParameterSpec.ofExtract().addIKM(ringKey).addSalt(salt);
            return KDF.getInstance("HKDF-SHA256").deriveData(from.thenExpand(what, length));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("no HKDF", impossible);
        }
    }

    boolean isFor(SealHead head) {
        return head.keyId() == keyId && head.salt().equals(salt);
    }

    SealHead head(long position) {
        return new SealHead(keyId, check, object, salt, position);
    }

    /// Nothing of the key.
    @Override
    public String toString() {
        return "file key of " + keyId;
    }
}

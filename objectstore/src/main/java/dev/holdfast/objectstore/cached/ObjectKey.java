package dev.holdfast.objectstore.cached;

import dev.holdfast.base.Bytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Which object of which store a part is of, in 16 bytes: a digest. The slot itself says in full
/// what it is of.
record ObjectKey(long high, long low) {
    /// @param object the store's URL and the object's name, which no two objects share
    static ObjectKey of(String object) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Bytes.utf8(object).array());
            var bytes = ByteBuffer.wrap(digest.digest());
            return new ObjectKey(bytes.getLong(), bytes.getLong());
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError("every Java has SHA-256", missing);
        }
    }
}

package dev.holdfast.objectstore.cached;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// One part of one object of one store.
///
/// @param object the store's URL and the object's name, which no two objects share
/// @param number of the part, from zero
record PartId(String object, long number) {
    private static final int DIGEST_BYTES = 16;

    /// The name of its file: a digest, as names of objects may be too long and hold anything. The
    /// file itself says in full what it is of.
    String fileName() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(object.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
            digest.update(Long.toString(number).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError("every Java has SHA-256", missing);
        }
    }

    /// True if a file of that name may hold a part.
    static boolean isFileName(String name) {
        return name.length() == 2 * DIGEST_BYTES
                && name.chars().allMatch(c -> Character.digit(c, 16) != -1);
    }
}

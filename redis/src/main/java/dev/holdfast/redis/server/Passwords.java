package dev.holdfast.redis.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Compares secrets in a time that tells nothing about them.
final class Passwords {
    private Passwords() {}

    /// True if both are the same. Digests are compared, so that not even the length shows.
    static boolean same(byte[] given, String expected) {
        return MessageDigest.isEqual(
                digest(given), digest(expected.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] digest(byte[] secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret);
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError("every JDK has SHA-256", missing);
        }
    }
}

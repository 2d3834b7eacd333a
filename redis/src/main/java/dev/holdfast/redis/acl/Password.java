package dev.holdfast.redis.acl;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// Passwords as they are kept: the SHA-256 of each, in hexadecimal digits.
final class Password {
    private static final int HASH_LENGTH = 64;
    // Compared with where there is nothing to compare with, so that the time does not tell.
    private static final List<String> NONE = List.of("0".repeat(HASH_LENGTH));

    private Password() {}

    /// What is kept of `password`.
    static String hash(byte[] password) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(password);
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError("every JDK has SHA-256", missing);
        }
    }

    /// True if `hash` could be what is kept of a password.
    static boolean isHash(String hash) {
        if (hash.length() != HASH_LENGTH) return false;
        for (int i = 0; i < HASH_LENGTH; i++) {
            char letter = hash.charAt(i);
            boolean isDigit = '0' <= letter && letter <= '9' || 'a' <= letter && letter <= 'f';
            if (!isDigit) return false;
        }
        return true;
    }

    /// True if `password` is one of those of which `hashes` is kept. How long that takes depends on
    /// how many there are, and on nothing else.
    static boolean isOneOf(List<String> hashes, byte[] password) {
        byte[] given = hash(password).getBytes(US_ASCII);
        boolean isKnown = false;
        for (String hash : hashes.isEmpty() ? NONE : hashes)
            isKnown |= MessageDigest.isEqual(given, hash.getBytes(US_ASCII));
        return isKnown && !hashes.isEmpty();
    }
}

package dev.holdfast.engine.api.upkeep;

import static dev.holdfast.base.Checks.require;

import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The keys that a database is encrypted with: one that seals what is written from now on, and
/// those that open what was written before. Immutable.
///
/// Each key has a number, which is stored beside what it seals. A number is given once: never to
/// another key. Nothing of a key is in any text that this class makes.
///
/// ```java
/// KeyRing ring = KeyRing.of(1, firstKey);                  // AES-256: 32 bytes
/// KeyRing rotated = ring.with(2, secondKey).sealingWith(2);
/// ```
public final class KeyRing {
    /// How many bytes a key has.
    public static final int KEY_BYTES = 32;

    private static final KeyRing NONE = new KeyRing(Map.of(), null, Clear.READ);

    private final Map<Integer, SecretKey> keys;
    private final @Nullable Integer sealing;
    private final Clear clear;

    /// What to do about stored bytes that are not sealed.
    public enum Clear {
        /// Read them: they are from before encryption was turned on.
        READ,
        /// Refuse them: somebody without the key has put them there.
        REFUSE
    }

    private KeyRing(Map<Integer, SecretKey> keys, @Nullable Integer sealing, Clear clear) {
        this.keys = Map.copyOf(keys);
        this.sealing = sealing;
        this.clear = clear;
    }

    /// No keys: everything is written in clear.
    public static KeyRing none() {
        return NONE;
    }

    /// One key, which seals. It is copied.
    public static KeyRing of(int id, byte[] key) {
        return NONE.with(id, key).sealingWith(id);
    }

    /// One more key, which opens.
    public KeyRing with(int id, byte[] key) {
        require(0 < id, "the number of a key is positive: %d", id);
        require(key.length == KEY_BYTES, "a key has %d bytes, not %d", KEY_BYTES, key.length);
        require(!keys.containsKey(id), "the ring has a key with this number: %d", id);
        var more = new HashMap<>(keys);
        more.put(id, new SecretKeySpec(key, "AES"));
        return new KeyRing(more, sealing, clear);
    }

    /// The same keys, of which `id` seals what is written from now on.
    public KeyRing sealingWith(int id) {
        require(keys.containsKey(id), "the ring has no key with this number: %d", id);
        return new KeyRing(keys, id, clear);
    }

    /// The same keys, which only open: what is written from now on is in clear.
    public KeyRing openingOnly() {
        return new KeyRing(keys, null, clear);
    }

    /// The same keys, and this about what is not sealed.
    public KeyRing clear(Clear clear) {
        return new KeyRing(keys, sealing, clear);
    }

    /// Reads the text of a key file: one key a line, its number and its 32 bytes in base64 or in
    /// hex; empty lines and lines that begin with `#` are skipped. The first key seals.
    ///
    /// Throws [IllegalArgumentException], without any of the text, if it is something else.
    public static KeyRing parse(String text) {
        KeyRing ring = NONE;
        int number = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            number++;
            if (line.isEmpty() || line.startsWith("#")) continue;
            String[] words = line.split("\\s+");
            require(words.length == 2, "line %d of the keys is not a number and a key", number);
            int id = idIn(words[0], number);
            byte[] key = keyIn(words[1], number);
            ring = ring.keys.isEmpty() ? of(id, key) : ring.with(id, key);
        }
        require(!ring.keys.isEmpty(), "there is no key in %d lines", number);
        return ring;
    }

    private static int idIn(String word, int line) {
        boolean isNumber = word.length() < 10 && word.chars().allMatch(Character::isDigit);
        require(isNumber, "line %d of the keys does not begin with a number", line);
        return Integer.parseInt(word);
    }

    // What is wrong with it is not said: the message would hold a part of the key.
    private static byte[] keyIn(String word, int line) {
        byte[] key = new byte[0];
        try {
            boolean isHex = word.length() == 2 * KEY_BYTES;
            key = isHex ? HexFormat.of().parseHex(word) : Base64.getDecoder().decode(word);
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        require(key.length == KEY_BYTES, "line %d of the keys has no key of 32 bytes", line);
        return key;
    }

    /// The key with the number `id`.
    public Optional<SecretKey> key(int id) {
        return Optional.ofNullable(keys.get(id));
    }

    /// The number of the key that seals; empty if what is written is in clear.
    public Optional<Integer> sealing() {
        return Optional.ofNullable(sealing);
    }

    /// What to do about what is not sealed.
    public Clear clear() {
        return clear;
    }

    /// The numbers of all keys.
    public Set<Integer> ids() {
        return new TreeSet<>(keys.keySet());
    }

    /// The numbers, and nothing else.
    @Override
    public String toString() {
        return keys.isEmpty() ? "no keys" : "keys " + ids() + ", sealing with " + sealing;
    }
}

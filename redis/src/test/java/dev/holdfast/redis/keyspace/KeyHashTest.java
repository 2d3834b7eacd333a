package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import org.junit.jupiter.api.Test;

class KeyHashTest {
    // The vectors of the reference implementation with one round a word and three at the end, for
    // the key 00 01 .. 0f and the inputs of no byte, 00, 00 01 and 00 01 .. 07.
    @Test
    void shouldBeSipHashWhenComparedWithTheReference() {
        byte[] seed = new byte[16];
        for (int i = 0; i < seed.length; i++) seed[i] = (byte) i;
        var hash = new KeyHash(Bytes.wrap(seed));

        assertEquals(0xabac0158050fc4dcL, hash.hash(input(0)));
        assertEquals(0xc9f49bf37d57ca93L, hash.hash(input(1)));
        assertEquals(0x82cb9b024dc7d44dL, hash.hash(input(2)));
        assertEquals(0x8bf80ab8e7ddf7fbL, hash.hash(input(3)));
    }

    private static Bytes input(int length) {
        byte[] input = new byte[length];
        for (int i = 0; i < length; i++) input[i] = (byte) i;
        return Bytes.wrap(input);
    }
}

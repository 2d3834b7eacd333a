package dev.holdfast.redis.rdb;

import java.util.Arrays;
import java.util.Random;

/// Damage done to bytes at random, of the kinds that find the weak places of a reader.
public final class Mutations {
    private static final int[] STRANGE = {
        0, 1, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xc0, 0xc3, 0xfe, 255
    };

    private final Random random;

    public Mutations(long seed) {
        random = new Random(seed);
    }

    /// One of `count` things.
    public int below(int count) {
        return random.nextInt(count);
    }

    /// `bytes`, damaged in up to four places.
    public byte[] damaged(byte[] bytes) {
        byte[] next = bytes;
        for (int i = random.nextInt(4); 0 <= i && 0 < next.length; i--) next = damagedOnce(next);
        return next;
    }

    private byte[] damagedOnce(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        byte[] next = bytes.clone();
        switch (random.nextInt(6)) {
            case 0 -> next[at] = (byte) random.nextInt(256);
            case 1 -> next[at] = (byte) STRANGE[random.nextInt(STRANGE.length)];
            case 2 -> next[at] += (byte) (random.nextBoolean() ? 1 : -1);
            case 3 -> {
                return Arrays.copyOf(next, at);
            }
            case 4 -> {
                int length = Math.min(next.length - at, random.nextInt(16));
                byte[] shorter = new byte[next.length - length];
                System.arraycopy(next, 0, shorter, 0, at);
                System.arraycopy(next, at + length, shorter, at, next.length - at - length);
                return shorter;
            }
            default -> {
                byte[] longer = new byte[next.length + 1];
                System.arraycopy(next, 0, longer, 0, at);
                longer[at] = (byte) STRANGE[random.nextInt(STRANGE.length)];
                System.arraycopy(next, at, longer, at + 1, next.length - at);
                return longer;
            }
        }
        return next;
    }
}

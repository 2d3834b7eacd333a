package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.fake.FakeDb;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Random writes to one string around the sizes where fragments begin and end, compared with an
/// array; each run of several writes commits as one.
class RedisStringPropertyTest {
    private static final Bytes KEY = Bytes.utf8("string");
    private static final int[] SIZES = {
        1,
        10,
        RedisString.INLINE_BYTES_MAX - 1,
        RedisString.INLINE_BYTES_MAX,
        RedisString.INLINE_BYTES_MAX + 1,
        3 * RedisString.FRAGMENT_BYTES,
        3 * RedisString.FRAGMENT_BYTES + 5
    };

    @Test
    void shouldReadWhatWasWrittenWhenWritesAreRandom() throws Exception {
        long seed = Long.getLong("string.seed", System.nanoTime());
        var random = new Random(seed);
        var keyspaces = Keyspaces.open(new FakeDb(), new TestEnv(1));
        byte[] model = new byte[0];
        for (int i = 0; i < 400; i++) {
            byte[] before = model;
            int steps = 1 + random.nextInt(3);
            model =
                    keyspaces
                            .execute(
                                    0,
                                    keyspace -> {
                                        byte[] now = before;
                                        for (int j = 0; j < steps; j++)
                                            now = write(random, keyspace, now);
                                        return now;
                                    })
                            .result();
            compare(keyspaces, random, model, "seed=" + seed + " round=" + i);
        }
    }

    private static byte[] write(Random random, Keyspace keyspace, byte[] model) {
        byte[] patch = new byte[SIZES[random.nextInt(SIZES.length)]];
        random.nextBytes(patch);
        RedisString string = keyspace.stringAt(KEY);
        if (random.nextInt(6) == 0) {
            string.set(Bytes.wrap(patch), StringForm.PLAIN, Meta.NO_EXPIRY);
            return patch;
        }
        boolean isAppend = random.nextInt(3) == 0;
        int offset = isAppend ? model.length : random.nextInt(5 * RedisString.FRAGMENT_BYTES);
        string.write(offset, Bytes.wrap(patch));
        byte[] written = Arrays.copyOf(model, Math.max(model.length, offset + patch.length));
        System.arraycopy(patch, 0, written, offset, patch.length);
        return written;
    }

    private static void compare(Keyspaces keyspaces, Random random, byte[] model, String told)
            throws InterruptedException {
        int start = random.nextInt(model.length + 1);
        int end = start + random.nextInt(model.length - start + 1);
        keyspaces.execute(
                0,
                keyspace -> {
                    RedisString string = keyspace.stringAt(KEY);
                    assertEquals(model.length, string.length(), told);
                    assertEquals(Bytes.wrap(model), string.read(), told);
                    Bytes part = Bytes.copyOf(model, start, end - start);
                    assertEquals(part, string.read(start, end), told);
                    return 0;
                });
    }

    @Test
    void shouldTouchFewRowsWhenOneByteOfALargeStringChanges() throws Exception {
        // given
        var keyspaces = Keyspaces.open(new FakeDb(), new TestEnv(1));
        keyspaces.execute(
                0,
                keyspace -> {
                    keyspace.stringAt(KEY).write(100L << 20, Bytes.utf8("end"));
                    assertEquals(2, keyspace.execution().rows().toBatch().rows());
                    return 0;
                });
        // when, then
        keyspaces.execute(
                0,
                keyspace -> {
                    keyspace.stringAt(KEY).write(50L << 20, Bytes.utf8("x"));
                    assertEquals(2, keyspace.execution().rows().toBatch().rows());
                    assertEquals((100 << 20) + 3, keyspace.stringAt(KEY).length());
                    return 0;
                });
    }
}

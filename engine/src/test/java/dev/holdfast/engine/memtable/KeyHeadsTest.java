package dev.holdfast.engine.memtable;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.iter.Seeds;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyHeadsTest {
    private static Bytes key(Random random) {
        byte[] bytes = new byte[random.nextInt(4)];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] =
                    (byte) (random.nextBoolean() ? random.nextInt(256) : 254 + random.nextInt(4));
        return Bytes.wrap(bytes);
    }

    @Test
    void shouldNeverMissAKeyInARange() {
        Seeds.fresh(200)
                .forEach(seed -> {
                    var random = new Random(seed);
                    var heads = new KeyHeads();
                    var keys = new ArrayList<Bytes>();
                    for (int i = random.nextInt(20); 0 <= i; i--) {
                        Bytes key = key(random);
                        heads.add(key.array(), key.offset(), key.offset() + key.length());
                        keys.add(key);
                    }
                    for (int i = 0; i < 200; i++) {
                        KeyRange range =
                                new KeyRange(
                                        random.nextInt(8) == 0 ? null : key(random),
                                        random.nextInt(8) == 0 ? null : key(random));
                        if (!heads.mayLieIn(range))
                            assertFalse(keys.stream().anyMatch(range::contains), "seed " + seed);
                    }
                });
    }

    @Test
    void shouldTellRangesThatHoldNone() {
        var heads = new KeyHeads();
        for (String key : new String[] {"meta 1", "version"}) {
            Bytes bytes = Bytes.utf8(key);
            heads.add(bytes.array(), bytes.offset(), bytes.offset() + bytes.length());
        }

        assertFalse(heads.mayLieIn(KeyRange.prefix(Bytes.utf8("ex"))));
        assertFalse(heads.mayLieIn(KeyRange.of(Bytes.utf8("mf"), Bytes.utf8("vd"))));
        assertFalse(heads.mayLieIn(KeyRange.from(Bytes.utf8("vf"))));
        assertTrue(heads.mayLieIn(KeyRange.prefix(Bytes.utf8("me"))));
        assertTrue(heads.mayLieIn(KeyRange.of(Bytes.utf8("mf"), Bytes.utf8("ve"))));
        assertTrue(heads.mayLieIn(KeyRange.all()));
    }
}

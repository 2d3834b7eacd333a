package dev.holdfast.engine.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.iter.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyMarksTest {
    private static final int ROUNDS = 20_000;

    private static long of(KeyMarks marks, Bytes key) {
        return marks.of(key.array(), key.offset(), key.offset() + key.length());
    }

    // Few different bytes, so that keys share beginnings; the extremes among them.
    private static Bytes drawn(Random random) {
        byte[] alphabet = {0, 1, 'a', 'b', 127, -128, -1};
        var key = new byte[random.nextInt(24)];
        for (int i = 0; i < key.length; i++) key[i] = alphabet[random.nextInt(alphabet.length)];
        return Bytes.wrap(key);
    }

    @Test
    void shouldNeverGiveTheLowerKeyTheHigherNumber() {
        Seeds.fresh(4)
                .forEach(seed -> {
                    var random = new Random(seed);
                    for (int i = 0; i < ROUNDS; i++) {
                        KeyMarks marks = KeyMarks.between(drawn(random), drawn(random));
                        Bytes one = drawn(random);
                        Bytes other = drawn(random);
                        int byMark = Long.compareUnsigned(of(marks, one), of(marks, other));
                        if (byMark == 0) continue;
                        assertEquals(
                                Integer.signum(one.compareTo(other)),
                                Integer.signum(byMark),
                                "seed=" + seed + " " + one + " " + other);
                    }
                });
    }

    @Test
    void shouldTellKeysApartBehindWhatTheyShare() {
        Bytes first = Bytes.utf8("user:000000001");
        Bytes last = Bytes.utf8("user:000009999");
        assertEquals(of(KeyMarks.PLAIN, first), of(KeyMarks.PLAIN, last));
        KeyMarks marks = KeyMarks.between(first, last);
        assertTrue(Long.compareUnsigned(of(marks, first), of(marks, last)) < 0);
    }
}

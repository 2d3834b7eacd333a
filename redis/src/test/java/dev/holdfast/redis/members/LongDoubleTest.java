package dev.holdfast.redis.members;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.resp.RespError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class LongDoubleTest {
    @Test
    void shouldShowWhatRedisShowsWhenNumbersAreAdded() {
        assertSum("0.3", "0.1", "0.2");
        assertSum("10.6", "10.5", "0.1");
        assertSum("5200", "5.0e3", "2.0e2");
        assertSum("16", "0x8", "0x1p3");
        assertSum("0", "-0.0", "0");
        assertSum("0", "1e-30", "0");
        assertSum("10000000000000000000000", "1e22", "0");
        assertSum("3.14159265358979312", "3.141592653589793115997963468544185161590576171875", "0");
        assertSum("18446744073709551616", "18446744073709551615", "1");
        assertSum("18446744073709551616", "18446744073709551617", "0");
        assertSum("9223372036854775807.5", "9223372036854775807", "0.5");
    }

    @Test
    void shouldRefuseWhatIsNoNumberWhenItIsParsed() {
        String[] texts = {"", " 1", "1 ", "abc", "1e", "e1", ".", "--1", "nan", "1e5000", "0x"};
        for (String text : texts)
            assertRefused(RespError.NOT_A_FLOAT, () -> LongDouble.parse(Bytes.utf8(text)));
        String tooLong = "1".repeat(5 * 1024);
        assertRefused(RespError.NOT_A_FLOAT, () -> LongDouble.parse(Bytes.utf8(tooLong)));
    }

    @Test
    void shouldRefuseTheSumWhenItIsInfinite() {
        assertRefused(RespError.NOT_A_NUMBER, () -> sum("inf", "1"));
        assertRefused(RespError.NOT_A_NUMBER, () -> sum("1", "-Infinity"));
        assertRefused(RespError.NOT_A_NUMBER, () -> sum("1e4932", "1e4932"));
    }

    private static void assertSum(String expected, String one, String other) {
        assertEquals(expected, sum(one, other), () -> one + " + " + other);
    }

    private static String sum(String one, String other) {
        return LongDouble.parse(Bytes.utf8(one))
                .plus(LongDouble.parse(Bytes.utf8(other)))
                .toString();
    }

    private static void assertRefused(String text, Executable parsing) {
        assertEquals(text, assertThrows(RespError.class, parsing).text());
    }
}

package dev.holdfast.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class UlidTest {
    @Test
    void shouldReadBackWhatItWrites() {
        var ulid = new Ulid(0x01939c2e_7a5b_1234L, 0xfedcba98_76543210L);

        assertEquals(ulid, Ulid.parse(ulid.toString()));
    }

    @Test
    void shouldReadTheSpecificationsExample() {
        assertEquals(1469918176385L, Ulid.parse("01ARYZ6S41TSV4RRFFQ69G5FAV").timeMillis());
        assertEquals(
                "01ARYZ6S41TSV4RRFFQ69G5FAV", Ulid.parse("01ARYZ6S41TSV4RRFFQ69G5FAV").toString());
    }

    @Test
    void shouldSortByTimeWhenFresh() {
        assertTrue(Ulid.at(Env.system(), 1).compareTo(Ulid.at(Env.system(), 2)) < 0);
    }

    @Test
    void shouldRefuseForeignText() {
        assertThrows(
                IllegalArgumentException.class, () -> Ulid.parse("81ARYZ6S41TSV4RRFFQ69G5FAV"));
        assertThrows(
                IllegalArgumentException.class, () -> Ulid.parse("01ARYZ6S41TSV4RRFFQ69G5FAU"));
        assertThrows(IllegalArgumentException.class, () -> Ulid.parse("short"));
    }
}

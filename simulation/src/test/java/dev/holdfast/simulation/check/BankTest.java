package dev.holdfast.simulation.check;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class BankTest {
    private final Bank bank = new Bank(3, 300);

    @Test
    void shouldAcceptAnyDistributionOfTheTotal() {
        assertNull(bank.check(List.of(100L, 100L, 100L)));
        assertNull(bank.check(List.of(-20L, 320L, 0L)));
        assertNull(bank.check(List.of()));
    }

    @Test
    void shouldFindMoneyMadeOrLost() {
        assertNotNull(bank.check(List.of(100L, 100L, 99L)));
        assertNotNull(bank.check(List.of(100L, 200L)));
    }
}

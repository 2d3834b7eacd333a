package dev.holdfast.simulation.check;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Accounts between which money moves: whoever sees all of them at one moment sees the same total,
/// or none of them before the first deposit.
///
/// @param accounts how many there are
/// @param total how much was paid in
public record Bank(int accounts, long total) {
    /// What is wrong with these balances, seen together; null if nothing is.
    public @Nullable String check(Collection<Long> balances) {
        if (balances.isEmpty()) return null;
        if (balances.size() != accounts)
            return "bank: " + balances.size() + " of " + accounts + " accounts: " + balances;
        long sum = balances.stream().mapToLong(Long::longValue).sum();
        return sum == total
                ? null
                : "bank: total " + sum + " instead of " + total + ": " + balances;
    }
}

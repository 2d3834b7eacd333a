package dev.holdfast.simulation.store;

import static dev.holdfast.base.Checks.require;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// How often each class of faults strikes, and how hard.
///
/// @param rates of each class that is on, in calls of [#OF]; a call meets at most one
/// @param timing how long things take
/// @param corruption where wrong bodies are made wrong
public record StoreFaults(
        Map<StoreFault, Integer> rates, StoreTiming timing, Corruption corruption) {
    /// The rate at which every call would be struck.
    public static final int OF = 10_000;

    public StoreFaults {
        var copy = new EnumMap<StoreFault, Integer>(StoreFault.class);
        copy.putAll(rates);
        int sum = 0;
        for (int rate : copy.values()) {
            require(0 <= rate, "a rate must not be negative: %d", rate);
            sum += rate;
        }
        require(sum <= OF, "rates must sum to at most %d: %d", OF, sum);
        rates = Collections.unmodifiableMap(copy);
    }

    /// Nothing goes wrong; calls take their usual time.
    public static StoreFaults none() {
        return new StoreFaults(Map.of(), StoreTiming.usual(), Corruption.ON_THE_WAY);
    }

    /// Every class on, at its usual rate, healed by reading once more.
    public static StoreFaults every() {
        StoreFaults faults = none();
        for (StoreFault fault : StoreFault.values()) faults = faults.with(fault, usualRate(fault));
        return faults;
    }

    /// One class alone, at `rate`.
    public static StoreFaults only(StoreFault fault, int rate) {
        return none().with(fault, rate);
    }

    /// Each class on or off by `chance`, those that are on at a rate from a tenth of the usual to
    /// three times it.
    public static StoreFaults drawn(RandomGenerator chance) {
        StoreFaults faults = none();
        for (StoreFault fault : StoreFault.values()) {
            if (chance.nextBoolean()) continue;
            int usual = usualRate(fault);
            faults = faults.with(fault, Math.max(1, usual / 10) + chance.nextInt(3 * usual));
        }
        return faults;
    }

    /// How often a class strikes a store that is not well.
    public static int usualRate(StoreFault fault) {
        return fault.isPhase() ? 20 : 100;
    }

    /// The same, but for one class.
    public StoreFaults with(StoreFault fault, int rate) {
        var changed = new EnumMap<StoreFault, Integer>(StoreFault.class);
        changed.putAll(rates);
        changed.put(fault, rate);
        return new StoreFaults(changed, timing, corruption);
    }

    /// The same without one class.
    public StoreFaults without(StoreFault fault) {
        return with(fault, 0);
    }

    /// The same at another pace.
    public StoreFaults at(StoreTiming changed) {
        return new StoreFaults(rates, changed, corruption);
    }

    /// The same with bodies made wrong elsewhere.
    public StoreFaults corrupting(Corruption changed) {
        return new StoreFaults(rates, timing, changed);
    }

    /// How often `fault` strikes, in calls of [#OF].
    public int rate(StoreFault fault) {
        return rates.getOrDefault(fault, 0);
    }
}

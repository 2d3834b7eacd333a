package dev.holdfast.simulation.disk;

import static dev.holdfast.base.Checks.require;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// How often each class of faults strikes, and what kind of disk it is.
///
/// @param rates of each class that is on, in calls of [#OF] that can meet it
/// @param capacity how many bytes of files it holds
/// @param sectorBytes what is written whole or not at all
public record DiskFaults(Map<DiskFault, Integer> rates, long capacity, int sectorBytes) {
    /// The rate at which every call would be struck.
    public static final int OF = 10_000;

    private static final int USUAL_RATE = 50;
    private static final int SMALL_SECTOR = 512;
    private static final int LARGE_SECTOR = 4096;

    public DiskFaults {
        var copy = new EnumMap<DiskFault, Integer>(DiskFault.class);
        copy.putAll(rates);
        copy.forEach(
                (fault, rate) -> require(0 <= rate && rate <= OF, "%s at rate %d", fault, rate));
        require(0 <= capacity, "capacity must not be negative: %d", capacity);
        require(0 < sectorBytes, "sectorBytes must be positive: %d", sectorBytes);
        rates = Collections.unmodifiableMap(copy);
    }

    /// Nothing goes wrong but power cuts.
    public static DiskFaults none() {
        return new DiskFaults(Map.of(), Long.MAX_VALUE, LARGE_SECTOR);
    }

    /// One class alone, at `rate`.
    public static DiskFaults only(DiskFault fault, int rate) {
        return none().with(fault, rate);
    }

    /// Each class but those that make reads wrong on or off by `chance`, those that are on at a
    /// rate up to twice the usual; the sector's size by `chance` too.
    public static DiskFaults drawn(RandomGenerator chance) {
        DiskFaults faults = none();
        if (chance.nextBoolean()) faults = faults.withSector(SMALL_SECTOR);
        for (DiskFault fault : DiskFault.values()) {
            if (!fault.isDrawn() || fault.isCorruption() || chance.nextBoolean()) continue;
            faults = faults.with(fault, 1 + chance.nextInt(2 * USUAL_RATE));
        }
        return faults;
    }

    /// The same, but for one class.
    public DiskFaults with(DiskFault fault, int rate) {
        var changed = new EnumMap<DiskFault, Integer>(DiskFault.class);
        changed.putAll(rates);
        changed.put(fault, rate);
        return new DiskFaults(changed, capacity, sectorBytes);
    }

    /// The same with room for so many bytes.
    public DiskFaults withCapacity(long bytes) {
        return new DiskFaults(rates, bytes, sectorBytes);
    }

    /// The same with other sectors. Taken from the disk's beginning, not in the middle of a run.
    public DiskFaults withSector(int bytes) {
        return new DiskFaults(rates, capacity, bytes);
    }

    /// How often `fault` strikes, in calls of [#OF].
    public int rate(DiskFault fault) {
        return rates.getOrDefault(fault, 0);
    }
}

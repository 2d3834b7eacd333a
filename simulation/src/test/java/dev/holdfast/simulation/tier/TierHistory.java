package dev.holdfast.simulation.tier;

import dev.holdfast.simulation.Setup;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.disk.DiskFault;
import dev.holdfast.simulation.disk.DiskFaults;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.store.CrashPoint;
import dev.holdfast.simulation.store.CrashPoint.Way;
import dev.holdfast.simulation.tier.Death.After;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A database with a local log whose lives end in ways that the seed draws, on a disk that fails in
/// half of the runs.
public final class TierHistory implements History {
    private static final int TAKEOVERS_OF = 8;
    private static final int TAKEOVER_CALLS = 16;
    private static final int DISK_CALLS = 130;
    private static final int RATE_MAX = 400;
    private static final int RATE_HIGH = 700;
    private static final long CAPACITY = 40_000; // a few segments
    private static final List<DiskFault> FAULTS =
            List.of(
                    DiskFault.FORCE_FAILS,
                    DiskFault.FORCE_SLOW,
                    DiskFault.NAMES_FORCE_FAILS,
                    DiskFault.WRITE_FAILS,
                    DiskFault.NAME_FAILS,
                    DiskFault.READ_FAILS,
                    DiskFault.STALE_SECTOR,
                    DiskFault.MISDIRECTED_SECTOR,
                    DiskFault.BIT_FLIP);
    private static final int STORE_CALLS = 60;

    @Override
    public String name() {
        return "local-log";
    }

    @Override
    public Setup setup(long seed) {
        return Setup.PLAIN;
    }

    @Override
    public void run(Simulation simulation) {
        if (simulation.seed() % TAKEOVERS_OF == 0) {
            tell(simulation, DiskFaults.none(), takeoverCutOff(simulation.seed() / TAKEOVERS_OF));
            return;
        }
        var chance = new SplittableRandom(simulation.seed());
        DiskFaults faults = faults(chance);
        var deaths = new ArrayList<Death>();
        int lives = 2 + chance.nextInt(3);
        for (int life = 0; life < lives; life++) deaths.add(drawn(chance));
        tell(simulation, faults, deaths);
    }

    // A machine dies with a tail that is not shipped, the next at one of the first calls of its
    // takeover.
    private static List<Death> takeoverCutOff(long number) {
        var point = new CrashPoint(number % TAKEOVER_CALLS, Way.APPLIED);
        return List.of(Death.atDiskCall(90, After.KILL), Death.atStoreCall(point, After.POWER_CUT));
    }

    private static void tell(Simulation simulation, DiskFaults faults, List<Death> deaths) {
        var story = new TierStory(simulation, faults, deaths);
        String wrong = story.run();
        if (!wrong.isEmpty())
            throw new AssertionError("seed=" + simulation.seed() + " " + deaths + ": " + wrong);
    }

    // A third of the runs each: a disk that only loses power, one whose forces fail, and one on
    // which anything may happen.
    private static DiskFaults faults(SplittableRandom chance) {
        DiskFaults faults = DiskFaults.none().withSector(chance.nextInt(4) == 0 ? 4096 : 512);
        int kind = chance.nextInt(3);
        if (kind == 0) return faults;
        if (kind == 1) return faults.with(DiskFault.FORCE_FAILS, RATE_HIGH);
        for (DiskFault fault : FAULTS)
            if (chance.nextBoolean()) faults = faults.with(fault, 1 + chance.nextInt(RATE_MAX));
        return chance.nextInt(4) == 0 ? faults.withCapacity(CAPACITY) : faults;
    }

    private static Death drawn(SplittableRandom chance) {
        After[] ways = {
            After.KILL,
            After.POWER_CUT,
            After.POWER_CUT,
            After.POWER_CUT,
            After.TABLE_DAMAGED,
            After.OTHER_WRITER,
            After.DISK_LOST
        };
        After after = ways[chance.nextInt(ways.length)];
        return switch (chance.nextInt(4)) {
            case 0, 1 -> Death.atDiskCall(chance.nextInt(DISK_CALLS), after);
            case 2 -> {
                Way way = Way.values()[chance.nextInt(Way.values().length)];
                yield Death.atStoreCall(new CrashPoint(chance.nextInt(STORE_CALLS), way), after);
            }
            default -> Death.inPeace(after);
        };
    }
}

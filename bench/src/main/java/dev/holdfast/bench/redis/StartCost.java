package dev.holdfast.bench.redis;

import dev.holdfast.base.Adapter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a server takes to start, and to be there.
public final class StartCost {
    private static final double READY_MILLIS = 700;
    private static final double IDLE_MIB = 120;
    private static final Duration IDLE = Duration.ofSeconds(3);

    private final RedisOptions options;

    private record Found(double millis, double mebibytes) {}

    public StartCost(RedisOptions options) {
        this.options = options;
    }

    /// Measures and prints; false if a bound was missed.
    public boolean run() throws IOException, InterruptedException {
        Contender.build(options.home());
        measured(Contender.HOLDFAST); // read from the disk once
        var ours = new ArrayList<Found>();
        var theirs = new ArrayList<Found>();
        for (int round = 0; round < options.rounds(); round++) {
            ours.add(measured(Contender.HOLDFAST));
            theirs.add(measured(Contender.REDIS_EVERYSEC));
        }
        Found us = median(ours);
        tell("holdfast", us);
        tell("redis", median(theirs));
        boolean isMet = us.millis <= READY_MILLIS && us.mebibytes <= IDLE_MIB;
        System.out.printf(
                Locale.ROOT,
                "at most %.0f ms and %.0f MiB%s%n",
                READY_MILLIS,
                IDLE_MIB,
                isMet ? "" : "  MISSED");
        return isMet;
    }

    private static void tell(String name, Found found) {
        System.out.printf(
                Locale.ROOT,
                "%-9s answers after %,6.0f ms, idle with %,6.1f MiB%n",
                name,
                found.millis,
                found.mebibytes);
    }

    @Adapter("lets a server be idle for a while")
    private Found measured(Contender contender) throws IOException, InterruptedException {
        try (Server server = contender.start(options.directory(), options.home())) {
            Thread.sleep(IDLE);
            return new Found(server.start().toNanos() / 1e6, server.residentKib() / 1024.0);
        }
    }

    private static Found median(List<Found> all) {
        return new Found(
                all.stream().mapToDouble(Found::millis).sorted().toArray()[all.size() / 2],
                all.stream().mapToDouble(Found::mebibytes).sorted().toArray()[all.size() / 2]);
    }
}

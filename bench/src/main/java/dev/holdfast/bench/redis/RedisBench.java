package dev.holdfast.bench.redis;

import dev.holdfast.base.Adapter;
import dev.holdfast.bench.redis.Load.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Measures the server beside Redis in turns, and prints medians and ratios.
@Adapter("writes its report")
public final class RedisBench {
    private static final int PIPELINE = 16;
    private static final int PIPELINED = 4; // times as many requests
    private static final int WARM_UP = 3; // times as many requests as are measured
    private static final double RATE_ALONE = 0.8;
    private static final double RATE_PIPELINED = 0.5;
    private static final double P99 = 1.5;

    private final RedisOptions options;
    private final String machine;
    private final Map<Load, Map<Contender, List<Found>>> found = new LinkedHashMap<>();
    private boolean areAllMet = true;

    /// @param machine that it is measured on, in words
    public RedisBench(RedisOptions options, String machine) {
        this.options = options;
        this.machine = machine;
        for (int depth : List.of(1, PIPELINE))
            for (String test : options.tests()) found.put(load(test, depth), empty());
    }

    private Load load(String test, int depth) {
        return new Load(test, depth, options.requests() * (depth == 1 ? 1 : PIPELINED));
    }

    private static Map<Contender, List<Found>> empty() {
        var lists = new EnumMap<Contender, List<Found>>(Contender.class);
        for (Contender each : Contender.values()) lists.put(each, new ArrayList<>());
        return lists;
    }

    /// Measures and prints; false if a bound was missed.
    public boolean run() throws IOException {
        Contender.build(options.home());
        var servers = new EnumMap<Contender, Server>(Contender.class);
        try {
            for (Contender each : Contender.values())
                servers.put(each, each.start(options.directory(), options.home()));
            for (Server server : servers.values()) warmUp(server);
            for (int round = 0; round < options.rounds(); round++) {
                measure(servers, round);
                System.out.println("round " + (round + 1) + " of " + options.rounds());
            }
        } finally {
            for (Server server : servers.values()) server.close();
        }
        found.forEach(this::tell);
        Files.writeString(options.directory().resolve("redis.json"), json());
        return areAllMet;
    }

    // What is compiled while it runs is compiled by then, and keys are there.
    private void warmUp(Server server) throws IOException {
        for (Load load : found.keySet())
            new Load(load.test(), load.depth(), WARM_UP * load.requests()).on(server);
    }

    // Servers take turns at each load, so that a machine that slows down harms all alike.
    private void measure(Map<Contender, Server> servers, int round) throws IOException {
        List<Contender> order = List.of(Contender.values());
        for (Map.Entry<Load, Map<Contender, List<Found>>> each : found.entrySet())
            for (Contender contender : round % 2 == 0 ? order : order.reversed()) {
                Server server = servers.get(contender);
                if (server == null) throw new IllegalStateException("not started: " + contender);
                each.getValue()
                        .getOrDefault(contender, new ArrayList<>())
                        .add(each.getKey().on(server));
            }
    }

    private void tell(Load load, Map<Contender, List<Found>> of) {
        System.out.printf(
                "%n%s, 50 clients, depth %d%n", load.test().toUpperCase(Locale.ROOT), load.depth());
        of.forEach((contender, all) ->
                System.out.printf(
                        Locale.ROOT,
                        "  %-9s %,10.0f a second  p50 %7.2f ms  p99 %7.2f ms"
                                + "  %6.1f us of processor%n",
                        contender.key(),
                        median(all, Found::rate),
                        median(all, Found::p50Millis),
                        median(all, Found::p99Millis),
                        median(all, Found::processorMicros)));
        boolean isAlone = load.depth() == 1;
        Contender peer = isAlone ? Contender.REDIS_EVERYSEC : Contender.REDIS_ALWAYS;
        double rate = ratio(of, peer, Found::rate);
        double p99 = ratio(of, peer, Found::p99Millis);
        double least = isAlone ? RATE_ALONE : RATE_PIPELINED;
        boolean isMet = least <= rate && p99 <= P99;
        areAllMet &= isMet;
        System.out.printf(
                Locale.ROOT,
                "  rate %.2f times %s's, at least %.1f; p99 %.2f times, at most %.1f%s%n",
                rate,
                peer.key(),
                least,
                p99,
                P99,
                isMet ? "" : "  MISSED");
    }

    private static double ratio(
            Map<Contender, List<Found>> of, Contender peer, ToDoubleFunction<Found> figure) {
        return median(of.getOrDefault(Contender.HOLDFAST, List.of()), figure)
                / median(of.getOrDefault(peer, List.of()), figure);
    }

    static double median(List<Found> all, ToDoubleFunction<Found> figure) {
        double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private String json() {
        var lines = new ArrayList<String>();
        found.forEach((load, of) ->
                of.forEach((contender, all) -> lines.add(json(load, contender, all))));
        return "{\"machine\": \"%s\", \"rounds\": %d, \"results\": [\n%s\n]}\n"
                .formatted(machine, options.rounds(), String.join(",\n", lines));
    }

    private static String json(Load load, Contender contender, List<Found> all) {
        return all.stream()
                .map(each ->
                        String.format(
                                Locale.ROOT,
                                "[%.0f, %.3f, %.3f, %.2f]",
                                each.rate(),
                                each.p50Millis(),
                                each.p99Millis(),
                                each.processorMicros()))
                .collect(
                        Collectors.joining(
                                ", ",
                                ("  {\"test\": \"%s\", \"depth\": %d, \"server\": \"%s\","
                                                + " \"ratePerSecond_p50Millis_p99Millis"
                                                + "_processorMicros\": [")
                                        .formatted(load.test(), load.depth(), contender.key()),
                                "]}"));
    }
}

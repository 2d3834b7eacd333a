package dev.holdfast.bench;

import dev.holdfast.base.Adapter;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.bench.NamingCost.Cost;
import dev.holdfast.bench.engine.EngineBench;
import dev.holdfast.bench.engine.EngineOptions;
import dev.holdfast.bench.engine.Ratios;
import dev.holdfast.bench.growth.Growth;
import dev.holdfast.bench.growth.GrowthOptions;
import dev.holdfast.bench.redis.RedisBench;
import dev.holdfast.bench.redis.RedisOptions;
import dev.holdfast.bench.redis.StartCost;
import dev.holdfast.bench.stall.StallOptions;
import dev.holdfast.bench.stall.Stalls;
import dev.holdfast.bench.tier.TierCost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/// The command line of the measurements.
public final class Main {
    private static final int FORKS = 6;
    private static final int ITERATIONS = 50;
    private static final int FORKS_QUICK = 2;
    private static final int ITERATIONS_QUICK = 30;
    private static final int PARTS = 100_000;
    private static final int WRONG_USAGE = 64;
    private static final int MISSED = 1;
    private static final List<String> COMPARISONS =
            List.of("engine", "recovery", "stop", "ycsb", "mixes", "memory");

    private static final String USAGE =
            """
            usage: ./holdfast-bench gate [--quick]
                   ./holdfast-bench engine [options]
                   ./holdfast-bench recovery|stop|ycsb|mixes|memory [options]
                   ./holdfast-bench compare A.json B.json
                   ./holdfast-bench growth [options]
                   ./holdfast-bench redis [options]
                   ./holdfast-bench start [options]
                   ./holdfast-bench transactions DIRECTORY
                   ./holdfast-bench stalls [options]
                   ./holdfast-bench tier DIRECTORY
                   ./holdfast-bench cache DIRECTORY [PARTS]

              gate     what it costs a put and a get that the gate knows who is inside by name: the
                       database as it is, and with a bare counter for a gate. Nanoseconds a
                       call (the median), and bytes (all of them, also those that the compiler
                       would leave out). With JMH, in turns with and without, in JVMs of their own
                --quick          a minute instead of some

              transactions
                       of the engine beside SlateDB, once: `transact` and `contend` of `engine`.
                       DIRECTORY is on the disk to be measured

              tier     what a commit at LOCAL takes beside an append to a file with a force on the
                       same disk: of one writer and of many, on the disk as it is and with every
                       force 1 ms longer, with a store that answers and with a dead one; and how
                       well a link to the store is used, with how many puts. Exit code 1 if a
                       bound is missed. DIRECTORY is on that disk; logs are left there

              cache    what a disk cache takes to be opened again with PARTS parts (100,000), small
                       ones, and what a hit takes, beside a read of a bare file. DIRECTORY is on
                       the disk to be measured; a cache of 20 KiB a part is left there
            """
                    + EngineOptions.USAGE
                    + "\n"
                    + GrowthOptions.USAGE
                    + "\n"
                    + RedisOptions.USAGE
                    + "\n"
                    + StallOptions.USAGE
                    + "  --help   this page\n";

    private Main() {}

    /// @param arguments what to measure
    public static void main(String[] arguments)
            throws RunnerException, IOException, InterruptedException {
        List<String> words = List.of(arguments);
        if (words.contains("--help") || words.contains("-h")) {
            System.out.print(USAGE);
            return;
        }
        if (!words.isEmpty() && words.getFirst().equals("stalls")) {
            stalls(words.subList(1, words.size()));
            return;
        }
        if (!words.isEmpty() && List.of("redis", "start").contains(words.getFirst())) {
            redis(words.getFirst(), words.subList(1, words.size()));
            return;
        }
        if (!words.isEmpty() && COMPARISONS.contains(words.getFirst())) {
            engine(words.getFirst(), words.subList(1, words.size()));
            return;
        }
        if (words.size() == 3 && words.getFirst().equals("compare")) {
            Ratios.of(Path.of(words.get(1)), Path.of(words.get(2))).forEach(System.out::println);
            return;
        }
        if (!words.isEmpty() && words.getFirst().equals("growth")) {
            growth(words.subList(1, words.size()));
            return;
        }
        if (words.size() == 2 && words.getFirst().equals("transactions")) {
            engine(
                    "engine",
                    List.of("--dir", words.get(1), "--rounds", "1", "--only", "transact,contend"));
            return;
        }
        if (words.size() == 2 && words.getFirst().equals("tier")) {
            tier(made(Path.of(words.get(1))));
            return;
        }
        if (!words.isEmpty() && words.size() <= 3 && words.getFirst().equals("cache")) {
            cache(words.subList(1, words.size()));
            return;
        }
        switch (String.join(" ", words)) {
            case "gate" -> gate(new NamingCost(FORKS, ITERATIONS));
            case "gate --quick" -> gate(new NamingCost(FORKS_QUICK, ITERATIONS_QUICK));
            default -> fail("no such measurement");
        }
    }

    private static void stalls(List<String> words) throws IOException, InterruptedException {
        StallOptions options;
        try {
            options = StallOptions.parse(words);
        } catch (IllegalArgumentException wrong) {
            fail(String.valueOf(wrong.getMessage()));
            return;
        }
        System.out.println(Machine.line());
        exit(new Stalls(options, Machine.line()).run() ? 0 : MISSED);
    }

    private static void engine(String what, List<String> words) throws IOException {
        EngineOptions options;
        try {
            options = EngineOptions.parse(what, words);
        } catch (IllegalArgumentException wrong) {
            fail(String.valueOf(wrong.getMessage()));
            return;
        }
        System.out.println(Machine.line());
        exit(new EngineBench(options, Machine.line()).run() ? 0 : MISSED);
    }

    private static void growth(List<String> words) throws IOException {
        GrowthOptions options;
        try {
            options = GrowthOptions.parse(words);
        } catch (IllegalArgumentException wrong) {
            fail(String.valueOf(wrong.getMessage()));
            return;
        }
        System.out.println(Machine.line());
        new Growth(options, Machine.line()).run();
        exit(0);
    }

    private static void redis(String what, List<String> words)
            throws IOException, InterruptedException {
        RedisOptions options;
        try {
            options = RedisOptions.parse(words, EngineBench.home());
        } catch (IllegalArgumentException wrong) {
            fail(String.valueOf(wrong.getMessage()));
            return;
        }
        System.out.println(Machine.line());
        boolean isMet =
                what.equals("redis")
                        ? new RedisBench(options, Machine.line()).run()
                        : new StartCost(options).run();
        exit(isMet ? 0 : MISSED);
    }

    private static void tier(Path directory) throws DiskException, InterruptedException {
        System.out.println(Machine.line());
        exit(new TierCost(directory).run() ? 0 : MISSED);
    }

    @Adapter("makes the directory that is to be measured")
    private static Path made(Path directory) throws IOException {
        return Files.createDirectories(directory);
    }

    private static void cache(List<String> words) throws DiskException, IOException {
        if (words.isEmpty()) {
            fail("a cache lies in a directory");
            return;
        }
        int parts = words.size() < 2 ? PARTS : Integer.parseInt(words.get(1));
        var cost = new CacheCost(made(Path.of(words.getFirst())), parts);
        cost.measure();
        System.out.println(Machine.line());
        cost.lines().forEach(System.out::println);
    }

    private static void gate(NamingCost cost) throws RunnerException {
        System.out.println(Machine.line());
        System.out.printf(
                "%-5s %9s %9s %9s %10s %10s %9s%n",
                "call", "named ns", "bare ns", "more ns", "named B", "bare B", "more B");
        for (Cost each : cost.measure()) System.out.println(each.line());
    }

    private static void fail(String why) {
        System.err.println(why);
        System.err.print(USAGE);
        exit(WRONG_USAGE);
    }

    @Adapter("tells a shell how it went")
    private static void exit(int code) {
        System.exit(code);
    }
}

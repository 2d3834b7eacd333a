package dev.holdfast.bench.redis;

import static dev.holdfast.base.Checks.require;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/// What a comparison with Redis is asked to do.
///
/// @param directory on the disk to be measured
/// @param rounds how often each is measured
/// @param requests of each test at depth 1; four times as many in a pipeline
/// @param tests of `redis-benchmark`, by the names that it takes
/// @param home the working copy
public record RedisOptions(
        Path directory, int rounds, int requests, List<String> tests, Path home) {
    /// Its part of a usage page.
    public static final String USAGE =
            """
              redis    the server beside redis-server with appendfsync no, everysec and always,
                       under the same redis-benchmark (50 clients, 64 bytes, 100,000 keys), at
                       depth 1 and 16, in turns: medians, ratios, processor time. Ours answers what
                       is forced to the disk. Exit code 1 if a bound is missed. Writes redis.json
                       into DIR
                --dir DIR        on the disk to be measured; bench/target/redis by default
                --rounds N       how often each is measured, 5 by default
                --requests N     of each test at depth 1, 100,000 by default
                --tests NAMES    of redis-benchmark's; set,get,incr,lpush,hset,zadd,mset by default

              start    what a server takes until it answers, on an empty directory, and what memory
                       it holds when it has nothing to do, beside redis-server. Exit code 1 if it
                       takes more than 700 ms or 120 MiB. With --dir and --rounds
            """;

    private static final List<String> TESTS =
            List.of("set", "get", "incr", "lpush", "hset", "zadd", "mset");

    public RedisOptions {
        require(0 < rounds, "rounds must be positive: %d", rounds);
        require(0 < requests, "requests must be positive: %d", requests);
        require(!tests.isEmpty(), "no tests");
        tests = List.copyOf(tests);
    }

    /// Reads a command line. Throws `IllegalArgumentException` for one that makes no sense.
    public static RedisOptions parse(List<String> words, Path home) {
        var options =
                new RedisOptions(
                        home.resolve("bench").resolve("target").resolve("redis"),
                        5,
                        100_000,
                        TESTS,
                        home);
        for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
            String name = rest.next();
            require(rest.hasNext(), "%s needs a value", name);
            options = options.with(name, rest.next());
        }
        return options;
    }

    private RedisOptions with(String name, String value) {
        return switch (name) {
            case "--dir" ->
                    new RedisOptions(
                            Path.of(value).toAbsolutePath(), rounds, requests, tests, home);
            case "--rounds" ->
                    new RedisOptions(directory, Integer.parseInt(value), requests, tests, home);
            case "--requests" ->
                    new RedisOptions(directory, rounds, Integer.parseInt(value), tests, home);
            case "--tests" ->
                    new RedisOptions(directory, rounds, requests, List.of(value.split(",")), home);
            default -> throw new IllegalArgumentException("unknown option: " + name);
        };
    }
}

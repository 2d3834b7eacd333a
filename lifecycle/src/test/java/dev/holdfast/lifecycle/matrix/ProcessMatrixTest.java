package dev.holdfast.lifecycle.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.lifecycle.matrix.CellProcess.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every behaviour, at every moment, under every sequence of signals, each in a process of its own:
/// the process ends in time, with the code of the table, and a report that names the culprit.
@Tag("LIFE-12")
@Tag("LIFE-19")
@Tag("LIFE-20")
class ProcessMatrixTest {
    private static final int AT_ONCE = Integer.getInteger("matrix.atOnce", 6);
    private static final int TRIES = 3;
    private static final int SIXTHS = 6;

    /// A cell that failed is tried again only if the machine was this late meanwhile.
    private static final Duration NOISY = Duration.ofMillis(40);

    private final AtomicInteger again = new AtomicInteger();
    @TempDir private Path folder;

    @Test
    @Timeout(1800)
    void shouldEndAsTheTableSaysInASixthOfTheCells() throws Exception {
        long seed = Long.getLong("matrix.seed", System.nanoTime());
        runAndCompare(Cell.sixth(Math.floorMod(seed, SIXTHS)), "seed=" + seed);
    }

    @Test
    @Tag("long")
    @Timeout(3600)
    void shouldEndAsTheTableSaysInEveryCell() throws Exception {
        runAndCompare(Cell.all(), "all");
    }

    @Test
    void shouldHaveEveryPairInEachSixth() {
        Set<Cell> together = new HashSet<>();
        for (int number = 0; number < SIXTHS; number++) {
            List<Cell> sixth = Cell.sixth(number);
            together.addAll(sixth);
            assertPairs(sixth, Behaviour.values().length, Cell::behaviour, Cell::moment);
            assertPairs(sixth, Behaviour.values().length, Cell::behaviour, Cell::stimulus);
            assertPairs(sixth, Moment.values().length, Cell::moment, Cell::stimulus);
        }
        assertEquals(Set.copyOf(Cell.all()), together);
    }

    private static void assertPairs(
            List<Cell> cells,
            int ones,
            Function<Cell, Enum<?>> one,
            Function<Cell, Enum<?>> other) {
        Set<Enum<?>> others = new HashSet<>();
        Set<List<Enum<?>>> pairs = new HashSet<>();
        for (Cell cell : Cell.all()) others.add(other.apply(cell));
        for (Cell cell : cells) pairs.add(List.of(one.apply(cell), other.apply(cell)));
        assertEquals(ones * others.size(), pairs.size());
    }

    private void runAndCompare(List<Cell> cells, String which) throws Exception {
        List<Result> results = runAll(cells);
        System.out.println(summary(results, which));
        String faults =
                results.stream()
                        .filter(result -> !result.isGood())
                        .map(result -> result.cell() + ": " + result.faults())
                        .collect(Collectors.joining("\n"));
        assertEquals("", faults, which);
        assertEquals(cells.size(), results.size(), "cells are missing");
    }

    private List<Result> runAll(List<Cell> cells) throws Exception {
        try (SchedulingDelay delay = SchedulingDelay.measured();
                ExecutorService runners = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Callable<Result>> runs = new ArrayList<>();
            for (Cell cell : cells) runs.add(() -> run(cell, delay));
            List<Result> results = new ArrayList<>();
            for (Future<Result> result : runners.invokeAll(runs)) results.add(result.get());
            return results;
        }
    }

    private Result run(Cell cell, SchedulingDelay delay) throws Exception {
        long from = delay.now();
        Result result = new CellProcess(cell, folder).run();
        for (int i = 1; i < TRIES && !result.isGood(); i++) {
            Duration late = delay.worstSince(from);
            if (late.compareTo(NOISY) < 0) return result;
            System.out.printf("again, %d ms late: %s%n", late.toMillis(), result);
            again.incrementAndGet();
            from = delay.now();
            result = new CellProcess(cell, folder).run();
        }
        return result;
    }

    private String summary(List<Result> results, String which) {
        TreeMap<Moment, TreeMap<Integer, Integer>> codes = new TreeMap<>();
        for (Result result : results) {
            codes.computeIfAbsent(result.cell().moment(), _ -> new TreeMap<>())
                    .merge(result.exitCode(), 1, Integer::sum);
        }
        StringBuilder out = new StringBuilder();
        out.append(
                "matrix (%s): %d cells of %d = %d behaviours x %d moments x %d stimuli; %d again%n"
                        .formatted(
                                which,
                                results.size(),
                                Cell.all().size(),
                                Behaviour.values().length,
                                Moment.values().length,
                                Stimulus.values().length,
                                again.get()));
        codes.forEach((moment, counts) ->
                out.append("  %-12s exit code=cells %s%n".formatted(moment, counts)));
        return out.toString();
    }
}

package dev.holdfast.bench.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.bench.peer.Figures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultFileTest {
    private static final Figures SLOW = new Figures(100, 2, 1, 0.001, 0.002, 2048);
    private static final Figures FAST = new Figures(100, 1, 0.5, 0.0005, 0.002, 1024);

    private static Result result(Figures ours, Figures theirs) {
        var figures = new LinkedHashMap<String, List<Figures>>();
        figures.put("holdfast", List.of(ours, ours));
        figures.put("slatedb", List.of(theirs));
        return new Result("put", "put 100 B, \"64\" writers", figures);
    }

    @Test
    void shouldReadBackWhatWasWritten() {
        List<Result> read =
                ResultFile.parse(ResultFile.json("a machine", List.of(result(SLOW, FAST))));

        assertEquals(1, read.size());
        assertEquals(result(SLOW, FAST).figures(), read.getFirst().figures());
        assertEquals("put", read.getFirst().measure());
    }

    @Test
    void shouldRefuseWhatHoldsNoResults() {
        assertThrows(IllegalArgumentException.class, () -> ResultFile.parse("{}"));
    }

    @Test
    void shouldTellWhatEachPeerDidAsAMultipleOfBefore() {
        List<String> lines = Ratios.of(List.of(result(SLOW, FAST)), List.of(result(FAST, FAST)));

        assertEquals(
                List.of(
                        "measure peer rate processor p50 p99 peak",
                        "put holdfast 2.00 0.50 0.50 1.00 0.50",
                        "put slatedb 1.00 1.00 1.00 1.00 1.00"),
                lines.stream().map(line -> line.replaceAll(" +", " ")).toList());
    }

    @Test
    void shouldDrawADotForEachRound() {
        var part = new ResultPage.Part(result(SLOW, FAST), List.of("a <line>"));

        String page = ResultPage.html("a machine", List.of(part));

        assertEquals(2 * 3, page.split("<circle", -1).length - 1);
        assertTrue(page.contains("a &lt;line&gt;"), page);
    }

    @Test
    void shouldMeasureEachWithOnePartAtLeast() {
        for (Measure measure : Measure.all()) {
            List<String> parts =
                    List.of("engine", "recovery", "stop", "ycsb", "mixes", "memory").stream()
                            .filter(measure::isPartOf)
                            .toList();
            assertTrue(!parts.isEmpty() && parts.size() <= 2, measure.name() + parts);
        }
        Map<String, Long> names =
                Measure.all().stream()
                        .collect(
                                java.util.stream.Collectors.groupingBy(
                                        Measure::name, java.util.stream.Collectors.counting()));
        assertTrue(names.values().stream().allMatch(count -> count == 1), names.toString());
    }
}

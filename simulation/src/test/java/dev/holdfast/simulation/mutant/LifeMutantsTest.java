package dev.holdfast.simulation.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.simulation.mutant.Verdict.Found;
import dev.holdfast.simulation.mutant.Verdict.Survived;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each invariant of the kernel, and each incident, has tests that find a mistake against it.
class LifeMutantsTest {
    private static final int INVARIANTS = 30;
    private static final int INCIDENTS = 5;
    private static final int GOES = 3;
    private static final Pattern ROW =
            Pattern.compile("\\| ((?:LIFE|INC)-\\d+) \\|[^|]*\\|([^|]*)\\|([^|]*)\\|");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    static Stream<Mutant> mutants() {
        return Stream.concat(LifeMutants.all().stream(), IncidentMutants.all().stream());
    }

    /// The real code under each proof that a mutant is put under, once.
    static Stream<Mutant> proofs() {
        var proofs = new LinkedHashMap<String, Mutant>();
        mutants().forEach(each -> proofs.putIfAbsent(each.proves() + each.proof(), each.control()));
        return proofs.values().stream();
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void shouldFindEveryMutant(Mutant mutant) {
        Verdict verdict = Trial.ofTests(mutant);
        assertInstanceOf(Found.class, verdict, () -> verdict + ": " + mutant.mistake());
    }

    /// Some of these tests live by the real clock, so a machine that is busy gets a second go.
    @ParameterizedTest
    @MethodSource("proofs")
    void shouldFindNothingInTheRealCode(Mutant control) {
        Verdict verdict = Trial.ofTests(control);
        for (int go = 2; go <= GOES && verdict instanceof Found; go++)
            verdict = Trial.ofTests(control);
        assertEquals(new Survived(), verdict);
    }

    /// What docs/design/lifecycle.md says of an invariant, and what there is.
    private record Line(SortedSet<String> tests, SortedSet<String> mutants) {}

    @Test
    void shouldHaveATestAndAMutantForEachInvariantAsTheTableSays() throws IOException {
        var expected = new LinkedHashMap<String, Line>();
        for (String number : numbers()) expected.put(number, lineOf(number));
        List<String> lacking =
                numbers().stream()
                        .filter(number ->
                                expected.get(number).tests.isEmpty()
                                        || expected.get(number).mutants.isEmpty())
                        .toList();
        assertEquals(List.of(), lacking);
        assertEquals(lines(expected), lines(table()));
    }

    private static String lines(Map<String, Line> table) {
        var text = new StringBuilder();
        table.forEach((number, line) -> text.append(number).append(line).append('\n'));
        return text.toString();
    }

    private static List<String> numbers() {
        var numbers = new ArrayList<String>();
        for (int i = 1; i <= INVARIANTS; i++) numbers.add("LIFE-" + i);
        for (int i = 1; i <= INCIDENTS; i++) numbers.add("INC-" + i);
        return numbers;
    }

    private static Line lineOf(String number) throws IOException {
        var ids = new TreeSet<String>();
        mutants().filter(each -> each.proves().equals(number)).forEach(each -> ids.add(each.id()));
        return new Line(Tags.testsTagged(number), ids);
    }

    private static Map<String, Line> table() throws IOException {
        var table = new LinkedHashMap<String, Line>();
        String page = Files.readString(House.resolve("docs/design/lifecycle.md"));
        Matcher row = ROW.matcher(page);
        Function<String, SortedSet<String>> names =
                cell -> {
                    var found = new TreeSet<String>();
                    QUOTED.matcher(cell).results().forEach(name -> found.add(name.group(1)));
                    return found;
                };
        while (row.find())
            table.put(row.group(1), new Line(names.apply(row.group(2)), names.apply(row.group(3))));
        return table;
    }
}

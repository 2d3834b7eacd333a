package dev.holdfast.system.matrix;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The page of the fault matrix: its rows, and what it admits is not covered.
///
/// @param demanded the levels that each row demands
/// @param tests the classes that the page names for each row
/// @param admitted the levels of a row that are not covered yet
record FaultPage(
        SortedMap<String, SortedSet<Character>> demanded,
        SortedMap<String, Set<String>> tests,
        SortedMap<String, SortedSet<Character>> admitted) {
    private static final int COLUMNS_OF_ROW = 6;
    private static final Pattern ID = Pattern.compile("[A-Z]{2,4}-\\d{2}");
    private static final Pattern TEST = Pattern.compile("`(\\w+)`");

    /// Reads the page.
    static FaultPage of(String text) {
        var page = new FaultPage(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        text.lines().forEach(page::add);
        return page;
    }

    private void add(String line) {
        List<String> cells = cells(line);
        if (cells.isEmpty() || !ID.matcher(cells.getFirst()).matches()) return;
        String id = cells.getFirst();
        if (cells.size() == COLUMNS_OF_ROW) {
            if (demanded.put(id, letters(cells.get(2))) != null)
                throw new IllegalArgumentException("twice: " + id);
            tests.put(id, testsIn(cells.getLast()));
        } else {
            admitted.put(id, letters(cells.get(1)));
        }
    }

    private static Set<String> testsIn(String cell) {
        return TEST.matcher(cell).results().map(test -> test.group(1)).collect(Collectors.toSet());
    }

    private static List<String> cells(String line) {
        if (!line.startsWith("| ")) return List.of();
        return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("\\|"))
                .map(String::strip)
                .toList();
    }

    private static SortedSet<Character> letters(String cell) {
        return cell.chars()
                .filter(Character::isUpperCase)
                .mapToObj(letter -> (char) letter)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// What the page and the tests do not agree on, one line each.
    SortedSet<String> differencesFrom(Marks marks) {
        var differences = new TreeSet<String>();
        for (String id : marks.testsOf().keySet())
            if (!demanded.containsKey(id))
                differences.add(id + ": no such row, but " + marks.cell(id));
        for (String id : admitted.keySet())
            if (!demanded.containsKey(id)) differences.add(id + ": no such row, but admitted");
        demanded.forEach((id, levels) -> addDifferences(id, levels, marks, differences));
        return differences;
    }

    private void addDifferences(
            String id, Set<Character> levels, Marks marks, SortedSet<String> differences) {
        Set<Character> open = admitted.getOrDefault(id, new TreeSet<>());
        for (Character level : levels) {
            boolean isTested = marks.levels(id).contains(level);
            if (!isTested && !open.contains(level))
                differences.add(id + ": no test at level " + level);
        }
        for (Character level : open) {
            if (marks.levels(id).contains(level))
                differences.add(id + ": admitted as not covered, but tested at level " + level);
            if (!levels.contains(level))
                differences.add(id + ": admitted at level " + level + ", which it does not demand");
        }
        for (String test : tests.getOrDefault(id, Set.of()))
            if (!marks.cell(id).contains('`' + test + '`'))
                differences.add(id + ": the page names " + test + ", which does not carry it");
    }

    /// The page `text` with the classes that cover each row, and without what is admitted though it
    /// is tested.
    static String rewritten(String text, Marks marks) {
        return text.lines()
                .map(line -> rewrittenLine(line, marks))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static Optional<String> rewrittenLine(String line, Marks marks) {
        List<String> cells = cells(line);
        if (cells.isEmpty() || !ID.matcher(cells.getFirst()).matches()) return Optional.of(line);
        String id = cells.getFirst();
        if (cells.size() == COLUMNS_OF_ROW) {
            int tests = line.lastIndexOf('|', line.lastIndexOf('|') - 1);
            return Optional.of(line.substring(0, tests) + "| " + marks.cell(id) + " |");
        }
        SortedSet<Character> left = letters(cells.get(1));
        left.removeAll(marks.levels(id));
        String levels = left.stream().map(String::valueOf).collect(Collectors.joining(" "));
        if (left.isEmpty()) return Optional.empty();
        return Optional.of("| " + id + " | " + levels + " | " + cells.getLast() + " |");
    }
}

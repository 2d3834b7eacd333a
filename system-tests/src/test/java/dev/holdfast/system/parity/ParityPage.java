package dev.holdfast.system.parity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The page of what SlateDB has and Holdfast has, row by row.
record ParityPage(List<Row> rows) {
    private static final int COLUMNS = 3;
    private static final int REASON_LENGTH_MIN = 20;
    private static final String NONE = "none: ";
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern TEST = Pattern.compile("\\w+Test");
    private static final Pattern METRIC = Pattern.compile("holdfast_[a-z0-9_]+");
    private static final Pattern VERB = Pattern.compile("holdfast ([a-z-]+).*");

    /// One thing that one of the two has.
    ///
    /// @param theirs what SlateDB calls it; in the second table what SlateDB lacks
    /// @param ours what stands for it here
    /// @param shown the tests that show it, or why it is not there
    record Row(String theirs, String ours, String shown) {
        boolean isAbsent() {
            return shown.startsWith(NONE);
        }

        List<String> tests() {
            return codesIn(shown).stream().filter(code -> TEST.matcher(code).matches()).toList();
        }
    }

    /// What the page is held against.
    ///
    /// @param tests the classes of all tests
    /// @param metrics what `/metrics` shows
    /// @param verbs of the command line
    record House(Set<String> tests, Set<String> metrics, Set<String> verbs) {}

    /// Reads the page.
    static ParityPage of(String markdown) {
        var rows = new ArrayList<Row>();
        for (String line : markdown.lines().toList()) {
            if (!line.startsWith("| ") || line.startsWith("| SlateDB")) continue;
            String[] cells = line.substring(1, line.lastIndexOf('|')).split("\\|", -1);
            List<String> texts = Arrays.stream(cells).map(String::strip).toList();
            if (texts.size() != COLUMNS)
                throw new IllegalArgumentException(texts.size() + " cells: " + line);
            rows.add(new Row(texts.get(0), texts.get(1), texts.get(2)));
        }
        return new ParityPage(List.copyOf(rows));
    }

    /// What is wrong with the page, one line each.
    Set<String> brokenBy(House house) {
        var broken = new TreeSet<String>();
        var seen = new TreeSet<String>();
        for (Row row : rows) {
            if (row.theirs().isEmpty() || row.ours().length() < 2) broken.add("empty: " + row);
            if (!seen.add(row.theirs() + row.ours())) broken.add("twice: " + row.theirs());
            if (row.isAbsent() && row.shown().length() < NONE.length() + REASON_LENGTH_MIN)
                broken.add("no reason: " + row.theirs());
            if (!row.isAbsent() && row.tests().isEmpty()) broken.add("no test: " + row.theirs());
            for (String test : row.tests())
                if (!house.tests().contains(test)) broken.add("no such test: " + test);
            for (String code : codesIn(row.ours())) broken.addAll(unknown(code, house));
        }
        return broken;
    }

    private static Set<String> unknown(String code, House house) {
        var unknown = new TreeSet<String>();
        var metric = METRIC.matcher(code);
        if (metric.lookingAt() && !house.metrics().contains(metric.group()))
            unknown.add("no such metric: " + metric.group());
        var verb = VERB.matcher(code);
        if (verb.matches() && !house.verbs().contains(verb.group(1)))
            unknown.add("no such verb: " + verb.group(1));
        return unknown;
    }

    /// True if some row names `word`, alone or as a part of a longer name.
    boolean names(String word) {
        Pattern whole = Pattern.compile("\\b" + word + "\\b");
        return rows.stream().anyMatch(row -> whole.matcher(row.ours()).find());
    }

    private static List<String> codesIn(String cell) {
        return CODE.matcher(cell).results().map(code -> code.group(1)).toList();
    }
}

package dev.holdfast.system.tidy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What can be seen in a Java source line by line.
final class TextRules {
    private static final int COLUMNS_MAX = 100;
    private static final int LINES_MAX = 600;
    private static final int TEST_LINES_MAX = 800;
    private static final Pattern UNNUMBERED =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b(?!.*#\\d)");
    private static final Pattern PLACE =
            Pattern.compile(
                    "(?<![\\w.])/(home|work|root|Users)/|regis" + "try\\.npm|repo1?\\.mav" + "en");
    private static final Map<String, Pattern> IN_TESTS = new LinkedHashMap<>();

    static {
        IN_TESTS.put("sleeps", Pattern.compile("\\bThread\\.sle" + "ep\\("));
        IN_TESTS.put("a disabled test", Pattern.compile("@Disab" + "led\\b"));
        IN_TESTS.put("a mock", Pattern.compile("org\\.mock" + "ito"));
    }

    private TextRules() {}

    /// One line for each rule that `text`, the content of `file`, breaks.
    static List<String> check(Path file, String text) {
        var broken = new ArrayList<String>();
        List<String> lines = text.lines().toList();
        int max = isTest(file) ? TEST_LINES_MAX : LINES_MAX;
        if (max < lines.size()) broken.add(file + ": " + lines.size() + " lines, max " + max);
        for (int i = 0; i < lines.size(); i++)
            for (String fault : faultsOf(file, lines.get(i)))
                broken.add(file + ":" + (i + 1) + ": " + fault);
        return broken;
    }

    private static List<String> faultsOf(Path file, String line) {
        var faults = new ArrayList<String>();
        if (COLUMNS_MAX < line.length() && !line.startsWith("import "))
            faults.add("longer than " + COLUMNS_MAX + " columns");
        if (UNNUMBERED.matcher(line).find()) faults.add("a note to do without an issue number");
        if (PLACE.matcher(line).find()) faults.add("a path or host of one machine");
        if (line.contains("@aut" + "hor")) faults.add("an author");
        if (isTest(file))
            IN_TESTS.forEach((fault, pattern) -> {
                if (pattern.matcher(line).find()) faults.add(fault);
            });
        return faults;
    }

    private static boolean isTest(Path file) {
        return file.toString().contains("src/test/");
    }
}

package dev.holdfast.system.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// Reads the test reports of all modules: what failed, what was skipped and why, and the totals.
///
/// A test that failed and passed when it was told again alone is named too; more than [#FLAKES_MAX]
/// of them count as failed.
///
/// Runs as a single source file, without the build: `java SuiteReport.java ROOT`. Exit code 1 if a
/// test failed or none ran.
public final class SuiteReport {
    /// How many tests may pass only the second time.
    static final int FLAKES_MAX = 2;

    private final List<String> flakes = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Map<String, List<String>> skippedByReason = new TreeMap<>();
    private int passed;
    private int failed;
    private int skipped;

    /// Reads `ROOT/*/target/surefire-reports`, prints, and ends the process.
    public static void main(String[] arguments) throws Exception {
        var report = new SuiteReport();
        report.readAll(Path.of(arguments[0]));
        report.judgeFlakes();
        System.out.print(report.page());
        System.exit(report.failed == 0 && 0 < report.passed ? 0 : 1);
    }

    void readAll(Path root) throws Exception {
        List<Path> files;
        try (var found = Files.find(root, 4, (path, _) -> isReport(path))) {
            files = found.sorted().toList();
        }
        for (Path file : files) read(file);
    }

    private static boolean isReport(Path path) {
        return path.getFileName().toString().matches("TEST-.*\\.xml")
                && path.getParent().endsWith("surefire-reports");
    }

    private void read(Path file) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        NodeList cases;
        try (var in = Files.newInputStream(file)) {
            cases = factory.newDocumentBuilder().parse(in).getElementsByTagName("testcase");
        } catch (IOException truncated) {
            throw new IOException("unreadable report: " + file, truncated);
        }
        for (int i = 0; i < cases.getLength(); i++) count((Element) cases.item(i));
    }

    private void count(Element test) {
        String name = simpleName(test.getAttribute("classname")) + "." + test.getAttribute("name");
        Element trouble = first(test, "failure", "error");
        Element flake = first(test, "flakyFailure", "flakyError");
        Element skip = first(test, "skipped");
        if (trouble != null) {
            failed++;
            failures.add(name + ": " + firstLine(saidIn(trouble)));
        } else if (skip != null) {
            skipped++;
            String reason = firstLine(saidIn(skip));
            skippedByReason
                    .computeIfAbsent(
                            reason.isEmpty() ? "no reason given" : reason, _ -> new ArrayList<>())
                    .add(name);
        } else {
            passed++;
            if (flake != null) flakes.add(name + ": " + firstLine(saidIn(flake)));
        }
    }

    /// Once all is read: where many tests passed only the second time, they failed.
    void judgeFlakes() {
        if (flakes.size() <= FLAKES_MAX) return;
        passed -= flakes.size();
        failed += flakes.size();
        failures.addAll(flakes);
        flakes.clear();
    }

    private static Element first(Element test, String... tags) {
        for (String tag : tags) {
            NodeList found = test.getElementsByTagName(tag);
            if (0 < found.getLength()) return (Element) found.item(0);
        }
        return null;
    }

    // Where tests may be told again the words stand in the text.
    private static String saidIn(Element outcome) {
        String message = outcome.getAttribute("message");
        return message.isEmpty() ? outcome.getTextContent() : message;
    }

    private static String simpleName(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    private static String firstLine(String text) {
        List<String> lines = text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
        String line = lines.isEmpty() ? "" : lines.getFirst();
        if (line.endsWith(":") && 1 < lines.size()) line += " " + lines.get(1);
        return line.replaceFirst("^(?:[\\w.]+TestAbortedException: )?Assumption failed: ", "");
    }

    /// The page: what passed only the second time, failures, skips by reason, and the line of
    /// totals last.
    String page() {
        var page = new StringBuilder();
        flakes.forEach(flake -> page.append("PASSED THE SECOND TIME ").append(flake).append('\n'));
        failures.forEach(failure -> page.append("FAILED ").append(failure).append('\n'));
        skippedByReason.forEach((reason, names) -> {
            page.append("SKIPPED (").append(reason).append(")\n");
            names.forEach(name -> page.append("    ").append(name).append('\n'));
        });
        return page.append(
                        String.format(
                                Locale.ROOT,
                                "%d passed, %d failed, %d skipped%n",
                                passed,
                                failed,
                                skipped))
                .toString();
    }
}

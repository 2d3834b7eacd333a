package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples in the documentation of what the engine exports: every public type has one, and all
/// of them compile.
class ExamplesTest {
    private static final Path ROOT = Path.of("src/main/java/dev/holdfast/engine");
    private static final List<String> EXPORTED = List.of("", "api", "api/upkeep");
    private static final Pattern PUBLIC =
            Pattern.compile("(?m)^public .*\\b(class|record|interface|enum) \\w+");
    // What an application that is shown has at hand.
    private static final String DESK =
            """
            import dev.holdfast.base.*;
            import dev.holdfast.engine.*;
            import dev.holdfast.engine.api.*;
            import dev.holdfast.engine.api.WriteBatch.Expiry;
            import dev.holdfast.engine.api.upkeep.*;
            import dev.holdfast.engine.api.upkeep.CompactionFilter.Decision;
            import dev.holdfast.engine.api.upkeep.SegmentRules.Retention;
            import dev.holdfast.format.seal.SectionSeal;
            import dev.holdfast.lifecycle.*;
            import dev.holdfast.objectstore.api.ObjectStore;
            import java.nio.file.Path;
            import java.time.*;
            import java.util.*;

            abstract class Desk {
                Db db;
                HoldfastDb database;
                ReadView view;
                EngineBuilder builder;
                ObjectStore store;
                ObjectStore vault;
                WriteBatch batch;
                Bytes key;
                Bytes value;
                Bytes one;
                Bytes start;
                Bytes end;
                Bytes encoded;
                int deletions;
                byte[] firstKey;
                byte[] secondKey;
                MergeOperator sum;
                FilterPolicy myOwn;
                SortedMap<Bytes, Bytes> sorted;

                abstract Bytes encode(long number);

                abstract long decode(Bytes number);

                abstract void index(ChangeStream.Row row);
            """;

    @TempDir private Path classes;

    private record Example(Path file, String text) {
        // An ellipsis stands for what the reader would write.
        String method(int number) {
            String body = text.replace("{ ... }", "{ }").replace("= ...;", "= null;");
            return "void example%d() throws Exception {%n%s}%n".formatted(number, body);
        }
    }

    private static List<Path> sources() throws IOException {
        var all = new ArrayList<Path>();
        for (String room : EXPORTED)
            try (var files = Files.list(ROOT.resolve(room))) {
                files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(all::add);
            }
        return all;
    }

    private static List<Example> examplesIn(Path file) throws IOException {
        var found = new ArrayList<Example>();
        StringBuilder open = null;
        for (String line : Files.readAllLines(file)) {
            String text = line.strip();
            if (text.equals("/// ```java")) open = new StringBuilder();
            else if (text.equals("/// ```") && open != null) {
                found.add(new Example(file, open.toString()));
                open = null;
            } else if (open != null) open.append(text.replaceFirst("/// ?", "")).append('\n');
        }
        return found;
    }

    @Test
    void shouldBeThereForEveryPublicType() throws IOException {
        var without = new ArrayList<String>();
        for (Path file : sources()) {
            boolean isPublic = PUBLIC.matcher(Files.readString(file)).find();
            if (isPublic && examplesIn(file).isEmpty()) without.add(file.toString());
        }
        assertEquals(List.of(), without);
    }

    @Test
    void shouldCompile() throws IOException {
        var text = new StringBuilder(DESK);
        var examples = new ArrayList<Example>();
        for (Path file : sources()) examples.addAll(examplesIn(file));
        for (int i = 0; i < examples.size(); i++) text.append(examples.get(i).method(i));
        text.append("}\n");
        assertTrue(40 < examples.size(), "examples: " + examples.size());

        assertEquals("", compiled(text.toString()));
    }

    @Test
    void shouldNotCompileWhatIsWrong() throws IOException {
        String wrong = DESK + "void example() { db.putt(key, value); }\n}\n";
        assertTrue(compiled(wrong).contains("putt"));
    }

    // What is wrong with it; empty if nothing.
    private String compiled(String text) throws IOException {
        var source =
                new SimpleJavaFileObject(
                        URI.create("string:///Desk.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoresErrors) {
                        return text;
                    }
                };
        var problems = new DiagnosticCollector<JavaFileObject>();
        var compiler = ToolProvider.getSystemJavaCompiler();
        var options =
                List.of(
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        "-cp",
                        System.getProperty("java.class.path"));
        boolean isDone =
                compiler.getTask(new StringWriter(), null, problems, options, null, List.of(source))
                        .call();
        if (isDone) return "";
        var lines = text.lines().toList();
        var wrong = new StringBuilder();
        for (var each : problems.getDiagnostics())
            wrong.append(each.getMessage(null))
                    .append(": ")
                    .append(lines.get((int) each.getLineNumber() - 1))
                    .append('\n');
        return wrong.toString();
    }
}

package dev.holdfast.system.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Plants a violation of each rule and sees it found.
class RulesTest {
    private static final Path MAIN =
            Path.of("engine/src/main/java/dev/holdfast/engine/Planted.java");
    private static final Path TEST =
            Path.of("engine/src/test/java/dev/holdfast/engine/PlantedTest.java");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    // TODO later                           | a note to do without an issue number
                    // FIXME                                | a note to do without an issue number
                    String path = "/home/me/x";             | a path or host of one machine
                    String host = "registry.npmjs.org";     | a path or host of one machine
                    /// @author me                          | an author
                    Thread.sleep(1);                        | sleeps
                    @Disabled                               | a disabled test
                    import org.mockito.Mockito;             | a mock
                    """)
    void shouldFindABadLine(String line, String fault) {
        assertEquals(List.of(TEST + ":1: " + fault), TextRules.check(TEST, line));
    }

    @Test
    void shouldLeaveGoodLinesAlone() {
        assertEquals(
                List.of(),
                TextRules.check(TEST, "// TODO #12: later\nint homework; // a/home/b\n"));
    }

    @Test
    void shouldFindLongFilesAndLines() {
        assertEquals(
                List.of(MAIN + ": 601 lines, max 600"), TextRules.check(MAIN, "\n".repeat(601)));
        assertEquals(List.of(), TextRules.check(TEST, "\n".repeat(800)));
        assertEquals(
                List.of(TEST + ": 801 lines, max 800"), TextRules.check(TEST, "\n".repeat(801)));
        assertEquals(
                List.of(MAIN + ":1: longer than 100 columns"),
                TextRules.check(MAIN, "x".repeat(101)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    class FlushManager {}                         | type name says Manager: FlushManager
                    record SstInfo(int a) {}                      | type name says Info: SstInfo
                    class A { void f(boolean b) {} }              | f has a boolean parameter: b
                    class A { void f(int a, int b, int c, int d, int e, int g) {} } | f has 6 parameters, max 5
                    class A { void f() { try { g(); } catch (Exception e) { } } } | catches Exception
                    class A { void f() { try { g(); } catch (Throwable e) { } } } | catches Throwable
                    class A { void f() { try { g(); } catch (RuntimeException e) { } } } | catches RuntimeException
                    class A { void f() { try { g(); } catch (Error e) { } } } | catches Error
                    class A { void f() { if (a) for (;;) while (b) if (c) g(); } } | nested deeper than 3
                    """)
    void shouldFindABadType(String type, String fault) {
        assertEquals(List.of(MAIN + ":2: " + fault), TreeRules.check(MAIN, "/// It is.\n" + type));
    }

    @Test
    void shouldFindABroadCatchAmongOthers() {
        String type = "/// It is.\nclass A { void f() { try { g(); } catch (B | Error e) { } } }";

        assertEquals(List.of(MAIN + ":2: catches Error"), TreeRules.check(MAIN, type));
    }

    @Test
    void shouldFindALongMethod() {
        String method = "/// It is.\nclass A {\n void f() {\n" + "g();\n".repeat(59) + "}\n}\n";

        assertEquals(List.of(MAIN + ":3: f has 61 lines, max 60"), TreeRules.check(MAIN, method));
    }

    @Test
    void shouldFindATypeWithoutAFirstSentence() {
        assertEquals(
                List.of(MAIN + ":1: no first sentence: A", MAIN + ":2: no first sentence: B"),
                TreeRules.check(MAIN, "class A {\n public record B() {}\n private enum C {}\n}"));
    }

    @Test
    void shouldLeaveAGoodTypeAlone() {
        String type =
                """
                /// It is.
                class A {
                    @Override public void set(boolean on) {}
                    record Wide(int a, int b, int c, int d, int e, int f, boolean g) {}
                    void f() { if (a) g(); else if (b) g(); else if (c) g(); else if (d) g(); }
                    @Adapter("why") void h() { try { g(); } catch (Throwable e) { g(); } }
                }
                """;

        assertEquals(List.of(), TreeRules.check(MAIN, type));
    }

    @Test
    void shouldFindAModuleThatExportsTooMuch() {
        Path module = Path.of("engine/src/main/java/module-info.java");
        String text =
                "module m { exports a; exports b; exports c; exports d; exports e; exports f to g; }";

        assertEquals(List.of(module + ":1: 5 exports, max 4"), TreeRules.check(module, text));
    }

    @Test
    void shouldFindAPackageThatIsTooLargeOrNotIntroduced() {
        var files = new ArrayList<Path>();
        for (int i = 0; i < 26; i++) files.add(MAIN.resolveSibling("Type" + i + ".java"));

        assertEquals(
                List.of(
                        MAIN.getParent() + ": 26 types, max 25",
                        MAIN.getParent() + ": no package-info"),
                PackageRules.check(files));
    }

    @Test
    void shouldFindPagesWithDeadLinksOrSeveralTitles(@TempDir Path root) throws Exception {
        // given
        Path page = Path.of("docs/page.md");
        Files.createDirectories(root.resolve("docs"));
        Files.writeString(root.resolve("README.md"), "# It");
        String good =
                "# Page\n[up](../README.md#it) [out](https://a.b) `[no](x)`\n```\n# code\n```\n";
        // when, then
        assertEquals(List.of(), PageRules.check(root, page, good));
        assertEquals(
                List.of("docs/page.md: dead link: gone.md", "docs/page.md: 2 titles"),
                PageRules.check(root, page, "# A\n# B\n[gone](gone.md)\n"));
        assertTrue(PageRules.check(root, page, "no title").contains("docs/page.md: 0 titles"));
    }
}

package dev.holdfast.system.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.system.tidy.House;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The page of the fault matrix says what the tests do. `-Dfault.matrix.write=true` writes its last
/// column anew.
class FaultPageTest {
    private static final Path PAGE = House.ROOT.resolve("docs/operating/fault-matrix.md");
    private static final String ROWS =
            """
            | OBJ-01 | fault | S P | part | outcome | - |
            | OBJ-02 | fault | S | part | outcome | `GoneTest` |

            | OBJ-01 | P | no real store yet |
            """;

    private static Marks marked(String module, String tag) {
        var marks = new Marks(new TreeMap<>());
        marks.add(module, "OneTest", "@Test\n@Tag(\"" + tag + "\")");
        return marks;
    }

    @Test
    void shouldAgreeWithTheTests() throws IOException {
        String text = Files.readString(PAGE);
        Marks marks = Marks.read();
        if (Boolean.getBoolean("fault.matrix.write")) {
            text = FaultPage.rewritten(text, marks);
            Files.writeString(PAGE, text);
        }

        Set<String> differences = FaultPage.of(text).differencesFrom(marks);

        assertEquals("", String.join("\n", differences));
    }

    @Test
    void shouldNoticeARowWithoutATestAndATestThatIsNamedAndNotThere() {
        assertEquals(
                Set.of(
                        "OBJ-02: no test at level S",
                        "OBJ-02: the page names GoneTest, which does not carry it"),
                FaultPage.of(ROWS).differencesFrom(marked("simulation", "OBJ-01")));
    }

    @Test
    void shouldNoticeAnUnknownRowAndAnAdmissionThatIsNoLongerTrue() {
        Marks marks = marked("system-tests", "OBJ-01");
        marks.add("simulation", "TwoTest", "@Tag(\"OBJ-01\") @Tag(\"OBJ-02\") @Tag(\"OBJ-99\")");

        assertEquals(
                Set.of(
                        "OBJ-01: admitted as not covered, but tested at level P",
                        "OBJ-02: the page names GoneTest, which does not carry it",
                        "OBJ-99: no such row, but S: `TwoTest`"),
                FaultPage.of(ROWS).differencesFrom(marks));
    }

    @Test
    void shouldTakeAMarkForTheLevelOfItsModule() {
        assertEquals(Set.of('S'), marked("simulation", "WAL-01").levels("WAL-01"));
        assertEquals(Set.of('P'), marked("s3", "WAL-01").levels("WAL-01"));
        assertEquals(Set.of('F'), marked("engine", "WAL-01").levels("WAL-01"));
        assertEquals(Set.of(), marked("lifecycle", "LIFE-12").levels("LIFE-12"));
    }

    @Test
    void shouldWriteTheTestsIntoThePageAndDropWhatIsCovered() {
        Marks marks = marked("system-tests", "OBJ-01");

        assertEquals(
                """
                | OBJ-01 | fault | S P | part | outcome | P: `OneTest` |
                | OBJ-02 | fault | S | part | outcome | - |

                """,
                FaultPage.rewritten(ROWS, marks));
    }
}

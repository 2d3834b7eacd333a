package dev.holdfast.system.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteReportTest {
    @TempDir Path root;

    @Test
    void shouldNameWhatFailedAndWhatWasSkippedAndWhy() throws Exception {
        // given
        write(
                "engine",
                """
                <testsuite><testcase name="one" classname="a.b.ATest"/>
                <testcase name="two" classname="a.b.ATest">
                  <failure message="expected 1&#10;x"/></testcase>
                <testcase name="three" classname="a.b.ATest">
                  <skipped message="Assumption failed: zstd is missing"/></testcase></testsuite>
                """);
        write("app", "<testsuite><testcase name='four' classname='c.DTest'/></testsuite>");
        // when
        var report = new SuiteReport();
        report.readAll(root);
        // then
        assertEquals(
                """
                FAILED ATest.two: expected 1
                SKIPPED (zstd is missing)
                    ATest.three
                2 passed, 1 failed, 1 skipped
                """,
                report.page());
    }

    private void write(String module, String text) throws Exception {
        Path folder = Files.createDirectories(root.resolve(module + "/target/surefire-reports"));
        Files.writeString(folder.resolve("TEST-" + module + ".xml"), text);
    }
}

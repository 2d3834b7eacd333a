package dev.holdfast.system.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        write(
                "app",
                """
                <testsuite><testcase name='four' classname='c.DTest'/>
                <testcase name='five' classname='c.DTest'><skipped
                  type='org.opentest4j.TestAbortedException'><![CDATA[
                org.opentest4j.TestAbortedException: Assumption failed: INT is ignored
                \tat here]]></skipped></testcase></testsuite>
                """);
        // when
        var report = new SuiteReport();
        report.readAll(root);
        // then
        assertEquals(
                """
                FAILED ATest.two: expected 1
                SKIPPED (INT is ignored)
                    DTest.five
                SKIPPED (zstd is missing)
                    ATest.three
                2 passed, 1 failed, 2 skipped
                """,
                report.page());
    }

    @Test
    void shouldNameWhatPassedOnlyTheSecondTime() throws Exception {
        write("app", "<testsuite>" + flake("one") + flake("two") + "</testsuite>");
        var report = new SuiteReport();
        report.readAll(root);
        report.judgeFlakes();
        assertEquals(
                """
                PASSED THE SECOND TIME ATest.one: late
                PASSED THE SECOND TIME ATest.two: late
                2 passed, 0 failed, 0 skipped
                """,
                report.page());
    }

    @Test
    void shouldCountManyThatPassedTheSecondTimeAsFailed() throws Exception {
        var cases = new StringBuilder("<testcase name='good' classname='a.ATest'/>");
        for (int i = 0; i <= SuiteReport.FLAKES_MAX; i++) cases.append(flake("test" + i));
        write("app", "<testsuite>" + cases + "</testsuite>");
        var report = new SuiteReport();
        report.readAll(root);
        report.judgeFlakes();
        assertTrue(report.page().endsWith("1 passed, 3 failed, 0 skipped\n"), report.page());
        assertTrue(report.page().startsWith("FAILED ATest.test0: late\n"), report.page());
    }

    private static String flake(String name) {
        return "<testcase name='%s' classname='a.ATest'><flakyFailure message='late'/></testcase>"
                .formatted(name);
    }

    private void write(String module, String text) throws Exception {
        Path folder = Files.createDirectories(root.resolve(module + "/target/surefire-reports"));
        Files.writeString(folder.resolve("TEST-" + module + ".xml"), text);
    }
}

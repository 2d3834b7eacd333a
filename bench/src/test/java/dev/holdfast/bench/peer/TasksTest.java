package dev.holdfast.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TasksTest {
    @TempDir Path directory;

    private Figures run(String words) throws InterruptedException {
        Task task = Task.parse(List.of(words.split(" ")));
        return new Tasks(task, () -> HoldfastSubject.open(directory, task)).run();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "put threads=4 awaited=1 flush=1ms warm=0 seconds=1",
                "batch threads=2 batch=100 warmrows=1000 rows=5000",
                "get rows=2000 threads=2 missing=0 warm=0 seconds=1",
                "get rows=2000 threads=2 missing=1 warm=0 seconds=1",
                "seek rows=2000 threads=2 warm=0 seconds=1",
                "overwrite rows=2000 threads=2 warm=0 seconds=1",
                "scan rows=5000 warmscans=1",
                "mix rows=2000 threads=2 warm=0 seconds=1 keys=zipfian reads=50 changes=50",
                "mix rows=2000 threads=2 warm=0 seconds=1 keys=latest scans=95 inserts=5",
                "mix rows=2000 threads=2 warm=0 seconds=1 keys=uniform updates=100",
                "open times=2 warm=1",
                "shut times=2 warm=1 rows=1000",
                "close rows=1000 warm=1",
                "compact rows=4000 tables=2 times=2 compacting=no"
            })
    void shouldCountWhatItDid(String words) throws InterruptedException {
        Figures figures = run(words);
        assertTrue(0 < figures.operations(), figures::line);
        assertTrue(0 < figures.seconds(), figures::line);
        assertEquals(figures.line(), Figures.parse(figures.line()).line());
    }

    @Test
    void shouldRecoverWhatALogHolds() throws InterruptedException {
        run("log rows=2000 memtable=8");
        assertEquals(2000, run("recover rows=2000 memtable=8").operations());
    }

    @Test
    void shouldNotTakeAScanThatMissedRowsForOne() throws InterruptedException {
        run("close rows=100 warm=0");
        assertThrows(AssertionError.class, () -> run("scan rows=50 warmscans=0"));
    }

    @Test
    void shouldRefuseWhatIsNoTask() {
        assertThrows(IllegalArgumentException.class, () -> run("dance"));
        assertThrows(IllegalArgumentException.class, () -> run("scan warmscans=1"));
        String most = "mix rows=10 threads=1 warm=0 seconds=1 keys=uniform reads=99";
        assertThrows(IllegalArgumentException.class, () -> run(most));
        assertThrows(IllegalArgumentException.class, () -> Task.parse(List.of("get", "rows")));
        assertThrows(IllegalArgumentException.class, () -> Figures.parse("operations=1"));
    }
}

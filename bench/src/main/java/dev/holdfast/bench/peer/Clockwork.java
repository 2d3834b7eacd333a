package dev.holdfast.bench.peer;

import com.sun.management.OperatingSystemMXBean;
import dev.holdfast.base.Adapter;
import dev.holdfast.base.Env;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Recorder;

/// Time, processor time and memory of this process, from [#begin] to [#tell]. Latencies are
/// recorded by any thread; the rest is for one.
@Adapter("the most memory that a process had is in a file of the system's")
final class Clockwork {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PEAK = "VmHWM:";
    private static final int DIGITS = 3;
    private static final double NANOS = 1e9;

    private final Env env = Env.system();
    private final OperatingSystemMXBean process =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Recorder latencies = new Recorder(DIGITS);
    private long begun;
    private long begunProcessor;

    Env env() {
        return env;
    }

    void begin() {
        latencies.reset();
        begunProcessor = process.getProcessCpuTime();
        begun = env.nanoTime();
    }

    void record(long nanos) {
        latencies.recordValue(nanos);
    }

    Figures tell(double operations) {
        double seconds = (env.nanoTime() - begun) / NANOS;
        double worked = (process.getProcessCpuTime() - begunProcessor) / NANOS;
        var times = latencies.getIntervalHistogram();
        return new Figures(
                operations,
                seconds,
                worked,
                times.getValueAtPercentile(50) / NANOS,
                times.getValueAtPercentile(99) / NANOS,
                peakKib());
    }

    private static long peakKib() {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(PEAK))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        } catch (IOException unreadable) {
            return 0;
        }
    }
}

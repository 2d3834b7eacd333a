package dev.holdfast.bench.stall;

/// One second of a run: what writes took, in microseconds, and what the database looked like.
///
/// @param number since the run began
/// @param maxMicros the longest from the instant at which it was due
/// @param callMaxMicros the longest from the instant at which it began
/// @param memoryBytes memtables, log and tables being written
/// @param pauseMillis the collector of the JVM stopped everything so long
record Second(
        long number,
        long writes,
        long medianMicros,
        long p99Micros,
        long maxMicros,
        long callMaxMicros,
        int l0,
        int runs,
        int frozen,
        long memoryBytes,
        long pauseMillis) {
    String json() {
        return "[%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d]"
                .formatted(
                        number,
                        writes,
                        medianMicros,
                        p99Micros,
                        maxMicros,
                        callMaxMicros,
                        l0,
                        runs,
                        frozen,
                        memoryBytes,
                        pauseMillis);
    }
}

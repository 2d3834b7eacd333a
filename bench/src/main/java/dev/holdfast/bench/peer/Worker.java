package dev.holdfast.bench.peer;

import dev.holdfast.base.Adapter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/// The process in which a peer written in Java does its task. Its words: the peer, a directory, the
/// task and its parameters; it prints one line of [Figures].
public final class Worker {
    private static final int WRONG_USAGE = 64;

    private Worker() {}

    /// @param arguments peer, directory, task, parameters
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length < 3) {
            System.err.println("usage: Worker holdfast|rocksdb|store DIRECTORY TASK name=value...");
            exit(WRONG_USAGE);
            return;
        }
        Task task = Task.parse(List.of(arguments).subList(2, arguments.length));
        Path directory = Path.of(arguments[1]);
        BiFunction<Path, Task, Subject> opening =
                switch (arguments[0]) {
                    case "holdfast" -> HoldfastSubject::open;
                    case "rocksdb" -> RocksSubject::open;
                    case "store" -> StoreSubject::open;
                    default -> throw new IllegalArgumentException("no such peer: " + arguments[0]);
                };
        Figures figures = new Tasks(task, () -> opening.apply(directory, task)).run();
        System.out.println(figures.line());
        exit(0);
    }

    // What is left open is left as a crash would leave it; a flight recording is written first.
    @Adapter("a task may end in the middle")
    private static void exit(int code) {
        FlightRecorder.getFlightRecorder().getRecordings().forEach(Recording::stop);
        System.out.flush();
        Runtime.getRuntime().halt(code);
    }
}

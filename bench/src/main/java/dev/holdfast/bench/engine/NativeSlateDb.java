package dev.holdfast.bench.engine;

import dev.holdfast.base.Adapter;
import dev.holdfast.bench.peer.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The real SlateDB, through the C interface of its native library: a small program that is
/// compiled when it is first needed.
@Adapter("looks for a compiler, a library and a source on the machine")
final class NativeSlateDb implements Peer {
    private static final String LIBRARY = "libslatedb_uniffi.so";
    private static final String SOURCE = "bench/src/main/c/slatedb.c";
    private static final String NODE = "bench/target/node";
    private static final String PACKAGE = "@slatedb/uniffi@0.12.1";
    private static final List<String> PLACES = List.of(NODE, "system-tests/target/node");
    private static final Duration INSTALLING = Duration.ofMinutes(5);

    private final Path home;
    private final Path program;
    private @Nullable Path library;
    private @Nullable String absence;

    /// @param home the folder of the working copy
    NativeSlateDb(Path home) {
        this.home = home;
        program = home.resolve("bench/target/slatedb-peer");
        absence = prepared();
    }

    private @Nullable String prepared() {
        try {
            library = found();
            if (library == null) {
                if (!isDone(List.of("npm", "install", "--prefix", NODE, "--no-save", PACKAGE)))
                    return "npm could not install " + PACKAGE;
                library = found();
            }
            if (library == null) return "no library for this machine in " + PACKAGE;
            var compile =
                    List.of(
                            "cc",
                            "-O2",
                            "-o",
                            program.toString(),
                            SOURCE,
                            "-ldl",
                            "-lpthread",
                            "-lm");
            return isDone(compile) ? null : "cc could not compile " + SOURCE;
        } catch (IOException missing) {
            return String.valueOf(missing.getMessage());
        }
    }

    private boolean isDone(List<String> command) throws IOException {
        return Runs.run(command, home, INSTALLING).code() == 0;
    }

    private @Nullable Path found() throws IOException {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
        for (String place : PLACES) {
            Path folder = home.resolve(place);
            if (!Files.isDirectory(folder)) continue;
            try (Stream<Path> all = Files.walk(folder)) {
                Optional<Path> one =
                        all.filter(file -> file.endsWith("linux-" + machine + "-gnu/" + LIBRARY))
                                .findFirst();
                if (one.isPresent()) return one.get();
            }
        }
        return null;
    }

    @Override
    public String name() {
        return "slatedb";
    }

    @Override
    public @Nullable String absence() {
        return absence;
    }

    @Override
    public List<String> command(Path directory, Task task) {
        var words = new ArrayList<String>();
        words.addAll(List.of(program.toString(), String.valueOf(library), directory.toString()));
        words.addAll(task.words());
        return List.copyOf(words);
    }
}

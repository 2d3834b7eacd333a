package dev.holdfast.bench.engine;

import dev.holdfast.bench.peer.Task;
import dev.holdfast.bench.peer.Worker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A peer that is written in Java, or has a binding for it: on this JVM and class path.
///
/// @param name as [Worker] knows it
/// @param flags for the JVM
/// @param profiles where a flight recording of each process goes; null for none
record JavaPeer(String name, List<String> flags, @Nullable Path profiles) implements Peer {
    JavaPeer {
        flags = List.copyOf(flags);
    }

    @Override
    public @Nullable String absence() {
        return null;
    }

    @Override
    public List<String> command(Path directory, Task task) {
        var words = new ArrayList<String>();
        words.addAll(List.of("env", "MALLOC_ARENA_MAX=2"));
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(flags);
        if (profiles != null)
            words.add(
                    "-XX:StartFlightRecording=settings=profile,filename="
                            + profiles.resolve(name + "-" + task.name() + ".jfr"));
        words.addAll(List.of("-cp", System.getProperty("java.class.path")));
        words.addAll(List.of(Worker.class.getName(), name, directory.toString()));
        words.addAll(task.words());
        return List.copyOf(words);
    }
}

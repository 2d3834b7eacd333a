package dev.holdfast.system.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the program is started under, beside its own words.
///
/// @param before a command that runs the command behind it, such as `prlimit`
/// @param flags of the JVM; of two that differ the later counts
/// @param environment what is added to that of the tests
public record Conditions(List<String> before, List<String> flags, Map<String, String> environment) {
    /// As `holdfast` starts it, with the credentials of a test.
    public static Conditions usual() {
        return new Conditions(List.of(), List.of(), ServerProcess.STORE_CREDENTIALS);
    }

    /// As for what ends in a moment.
    public static Conditions ofVerbs() {
        return usual().flag("-XX:TieredStopAtLevel=1").flag("-XX:+UseSerialGC");
    }

    /// With one more flag of the JVM.
    public Conditions flag(String flag) {
        var more = new ArrayList<>(flags);
        more.add(flag);
        return new Conditions(before, List.copyOf(more), environment);
    }

    /// With a variable of the environment.
    public Conditions with(String name, String value) {
        var more = new HashMap<>(environment);
        more.put(name, value);
        return new Conditions(before, flags, Map.copyOf(more));
    }

    /// Started by another command.
    public Conditions under(String... command) {
        return new Conditions(List.of(command), flags, environment);
    }

    /// With all classes in jars, made in `folder`, as an installed program has them: a class out of
    /// a directory takes a file descriptor to load.
    public Conditions fromJars(Path folder) throws IOException {
        return flag("-cp").flag(Jars.ofClassPath(folder));
    }

    /// What starts the program with `arguments`.
    public ProcessBuilder builder(List<String> arguments) {
        var command = new ArrayList<>(before);
        command.addAll(ServerProcess.command(flags, arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder;
    }

    /// Starts a server on the database at `url` and waits until it answers.
    public ServerProcess start(String url, Path log, String... options) throws IOException {
        return ServerProcess.ready(launch(url, log, options));
    }

    /// Starts a server on the database at `url`, and does not wait for it.
    public ServerProcess launch(String url, Path log, String... options) throws IOException {
        return ServerProcess.launch(this, url, log, options);
    }

    /// Runs a verb to its end.
    public Tools.Ended run(Path folder, String... words) {
        return Tools.run(folder, builder(List.of(words)));
    }
}

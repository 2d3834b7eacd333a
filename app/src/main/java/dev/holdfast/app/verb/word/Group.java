package dev.holdfast.app.verb.word;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A verb that is only the name of a group of verbs.
public abstract class Group implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this page and exit.")
    private boolean isHelpAsked;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public final Integer call() {
        CommandLine line = spec.commandLine();
        throw new ParameterException(
                line, "a verb is missing: " + String.join(", ", line.getSubcommands().keySet()));
    }
}

package dev.holdfast.app.verb.word;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Output;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/// A verb in the making of its result: what all verbs but `serve` have in common.
public abstract class Verb implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this page and exit.")
    private boolean isHelpAsked;

    @Override
    public final Integer call() throws Exception {
        try (Output out = Output.standard()) {
            return run(out).code();
        }
    }

    /// Does it, and says how it ended. Throws what stood in the way.
    protected abstract ExitStatus run(Output out) throws Exception;
}

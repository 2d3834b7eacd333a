package dev.holdfast.app.verb;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.verb.word.Verb;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `version`: which Holdfast this is, and which Java runs it.
@Command(
        name = "version",
        header = "Print the version.",
        description = "Prints the version of the program and of the Java that runs it.",
        footer = {"", "Example:", "  holdfast version", "Exit: 0."})
final class VersionVerb extends Verb {
    @Option(names = "--json", description = "Print a JSON object.")
    private boolean isJson;

    @Override
    protected ExitStatus run(Output out) {
        String version = Versions.program();
        String java = Runtime.version().toString();
        if (!isJson) out.line("holdfast " + version + " (java " + java + ")");
        else {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("version", version);
            object.put("java", java);
            out.json(object);
        }
        return ExitStatus.OK;
    }
}

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
        description = {
            "Prints the version of the program, and which Java runs it and where that is: the"
                    + " launcher finds a JDK by itself, which need not be the `java` of the shell."
        },
        footer = {"", "Example:", "  holdfast version", "Exit: 0."})
final class VersionVerb extends Verb {
    @Option(names = "--json", description = "Print a JSON object.")
    private boolean isJson;

    @Override
    protected ExitStatus run(Output out) {
        String version = Versions.program();
        String java = Runtime.version().toString();
        String home = System.getProperty("java.home");
        if (!isJson) out.line("holdfast " + version + " (java " + java + " in " + home + ")");
        else {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("version", version);
            object.put("java", java);
            object.put("javaHome", home);
            out.json(object);
        }
        return ExitStatus.OK;
    }
}

package dev.holdfast.app.verb.look;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.inspect.ManifestPage;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.app.inspect.StoredObjects;
import dev.holdfast.app.verb.word.Group;
import dev.holdfast.format.manifest.ManifestCodec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `manifest`: looks at manifests.
@Command(
        name = "manifest",
        header = "Look at manifests.",
        description = "Looks at manifests.",
        subcommands = ManifestVerb.Show.class,
        footer = {"", "Example:", "  holdfast manifest show"})
public final class ManifestVerb extends Group {
    private static final String FOLDER = "manifest";
    private static final String ENDING = ".manifest";

    /// `manifest show`: prints one manifest, or lists them.
    @Command(
            name = "show",
            header = "Print a manifest.",
            description = {
                "Prints what a manifest says: the newest, or the one with the given number. Writes"
                        + " nothing and fences nobody.",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  holdfast manifest show",
                "  holdfast manifest show --id 12 --json",
                "  holdfast manifest show --list",
                "Exit: 0, 65 damaged, 66 no such manifest."
            })
    static final class Show extends InspectVerb {
        @Option(names = "--id", paramLabel = "N", description = "The manifest's number.")
        private long id;

        @Option(names = "--list", description = "Print the numbers and sizes of all manifests.")
        private boolean isList;

        @Override
        ExitStatus look(StoredObjects objects, Output out) {
            if (isList) {
                objects.visit(
                        FOLDER,
                        ENDING,
                        0,
                        found -> {
                            printLine(
                                    new Page()
                                            .add("manifest", found.id())
                                            .add("size", found.size()),
                                    out);
                            return true;
                        });
                return ExitStatus.OK;
            }
            long shown = id == 0 ? objects.newest(FOLDER, ENDING) : id;
            var file = objects.read(StoredObjects.name(FOLDER, shown, ENDING));
            print(ManifestPage.of(shown, ManifestCodec.decode(file)), out);
            return ExitStatus.OK;
        }
    }
}

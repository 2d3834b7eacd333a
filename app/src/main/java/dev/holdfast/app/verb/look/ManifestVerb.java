package dev.holdfast.app.verb.look;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.inspect.ManifestDiff;
import dev.holdfast.app.inspect.ManifestPage;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.app.inspect.StoredObjects;
import dev.holdfast.app.survey.Newest;
import dev.holdfast.app.verb.word.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `manifest`: looks at manifests.
@Command(
        name = "manifest",
        header = "Look at manifests, and at what changed between two.",
        description = "Looks at manifests, and at what changed between two of them.",
        subcommands = {ManifestVerb.Show.class, ManifestVerb.Diff.class},
        footer = {"", "Example:", "  holdfast manifest show"})
public final class ManifestVerb extends Group {
    private static final String FOLDER = "manifest";
    private static final String ENDING = ".manifest";
    private static final String LATEST = "latest";
    private static final String NUMBER = "\\d{1,18}|" + LATEST;
    private static final Pattern ID = Pattern.compile(NUMBER);
    private static final Pattern RANGE =
            Pattern.compile("(%s)\\.\\.(%s)".formatted(NUMBER, NUMBER));

    /// Manifest `word`, a number or `latest`.
    private static ManifestDiff.Side read(InspectVerb verb, StoredObjects objects, String word) {
        if (word.equals(LATEST)) {
            Newest newest = Newest.of(objects, verb.location());
            return new ManifestDiff.Side(newest.object().id(), newest.decoded());
        }
        long id = Long.parseLong(word);
        return new ManifestDiff.Side(id, Newest.at(objects, id));
    }

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
                "  holdfast manifest show --json 12",
                "  holdfast manifest show /var/lib/holdfast latest",
                "  holdfast manifest show --list",
                "Exit: 0, 65 damaged, 66 no such manifest or database."
            })
    static final class Show extends InspectVerb {
        @Option(names = "--id", paramLabel = "N", description = "The manifest's number.")
        private long id;

        @Option(names = "--list", description = "Print the numbers and sizes of all manifests.")
        private boolean isList;

        @Parameters(
                arity = "0..2",
                paramLabel = "WORD",
                hideParamSyntax = true,
                description = "[LOCATION] [N|latest]: the store, as --data names it; the number.")
        private List<String> words = new ArrayList<>();

        private String chosen = LATEST;

        @Override
        protected @Nullable String place() {
            List<String> left = new ArrayList<>(words);
            if (0 < id) chosen = Long.toString(id);
            if (!left.isEmpty() && ID.matcher(left.getLast()).matches()) chosen = left.removeLast();
            if (1 < left.size())
                throw new Failure(
                        ExitStatus.USAGE, "not a manifest's number: `" + left.getLast() + "`");
            return left.isEmpty() ? null : left.getFirst();
        }

        @Override
        ExitStatus look(StoredObjects objects, Output out) {
            if (isList) {
                list(objects, out);
                return ExitStatus.OK;
            }
            ManifestDiff.Side found = read(this, objects, chosen);
            print(ManifestPage.of(found.id(), found.decoded()), out);
            return ExitStatus.OK;
        }

        private void list(StoredObjects objects, Output out) {
            objects.visit(
                    FOLDER,
                    ENDING,
                    0,
                    found -> {
                        var page = new Page().add("manifest", found.id());
                        printLine(page.add("size", found.size()), out);
                        return true;
                    });
        }
    }

    /// `manifest diff`: prints what changed between two manifests.
    @Command(
            name = "diff",
            header = "Print what changed between two manifests.",
            description = {
                "Prints what differs between two manifests: single values, tables that came into"
                        + " or went out of L0 and each sorted run, checkpoints. Writes nothing and"
                        + " fences nobody.",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  holdfast manifest diff 12 13",
                "  holdfast manifest diff 12..latest",
                "  holdfast manifest diff s3://bucket/prefix 12 latest --json",
                "Exit: 0 whether they differ or not, 65 damaged, 66 no such manifest or database."
            })
    static final class Diff extends InspectVerb {
        @Parameters(
                arity = "1..3",
                paramLabel = "WORD",
                hideParamSyntax = true,
                description =
                        "[LOCATION] A B, or [LOCATION] A..B: the store, as --data names it; two"
                                + " manifests, each a number or `latest`.")
        private List<String> words = new ArrayList<>();

        private String from = LATEST;
        private String to = LATEST;

        @Override
        protected @Nullable String place() {
            List<String> left = new ArrayList<>(words);
            String last = left.removeLast();
            Matcher range = RANGE.matcher(last);
            if (range.matches()) {
                from = range.group(1);
                to = range.group(2);
            } else {
                to = numberIn(last);
                if (left.isEmpty())
                    throw new Failure(ExitStatus.USAGE, "one manifest only: write A B, or A..B");
                from = numberIn(left.removeLast());
            }
            if (1 < left.size())
                throw new Failure(ExitStatus.USAGE, "one word too many: `" + left.getLast() + "`");
            return left.isEmpty() ? null : left.getFirst();
        }

        private static String numberIn(String word) {
            if (ID.matcher(word).matches()) return word;
            throw new Failure(
                    ExitStatus.USAGE, "neither a manifest's number nor `latest`: `" + word + "`");
        }

        @Override
        ExitStatus look(StoredObjects objects, Output out) {
            ManifestDiff.Side before = read(this, objects, from);
            var diff = ManifestDiff.between(before, read(this, objects, to));
            if (isJson()) print(diff.page(), out);
            else diff.printText(out);
            return ExitStatus.OK;
        }
    }
}

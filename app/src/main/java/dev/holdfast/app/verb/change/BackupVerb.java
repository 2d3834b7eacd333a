package dev.holdfast.app.verb.change;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.KeyOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.upkeep.BackupReport;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `backup`: copies a database to another place while it is written.
@Command(
        name = "backup",
        header = "Copy a database to another place while it is written.",
        description = {
            "Copies the database at SRC, as it is now, to DST, and checks what it copies."
                    + " What an earlier backup to DST has copied is not copied again. Killed"
                    + " anywhere, DST is a whole database, the earlier or the later one; run"
                    + " it again to go on.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  holdfast backup ./holdfast-data /backup/holdfast",
            "  holdfast backup ./holdfast-data /backup/holdfast --verify --json",
            "Exit: 0 done, 1 the copy did not check out, 66 no database at SRC,"
                    + " 75 DST is a database of its own, or a store does not answer."
        })
public class BackupVerb extends Verb {
    @Parameters(index = "0", paramLabel = "SRC", description = "Where the database is: URL or DIR.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "DST", description = "Where the copy goes: URL or DIR.")
    private String target = "";

    @Option(
            names = "--path",
            paramLabel = "PATH",
            defaultValue = "",
            description = "The database's path in SRC (default: the store's root).")
    private String path = "";

    @Option(
            names = "--to-path",
            paramLabel = "PATH",
            defaultValue = "",
            description = "The copy's path in DST (default: the store's root).")
    private String targetPath = "";

    @Option(names = "--verify", description = "Read the whole copy back, and check it.")
    private boolean isVerified;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean isJson;

    @Mixin private KeyOptions keys = new KeyOptions();

    /// `restore`: a backup becomes a database where there is none.
    @Command(
            name = "restore",
            header = "Bring a backup back, to where there is no database.",
            description = {
                "Copies the backup at SRC to DST, where there is no database yet or an unfinished"
                        + " restore of the same backup.",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  holdfast restore /backup/holdfast ./holdfast-data",
                "Exit: as for backup."
            })
    public static final class RestoreVerb extends BackupVerb {}

    @Override
    protected final ExitStatus run(Output out) {
        Env env = Env.system();
        DatabaseLocation from = DatabaseLocation.of(source, path);
        DatabaseLocation to = DatabaseLocation.of(target, targetPath);
        if (from.isAt(to)) throw new Failure(ExitStatus.USAGE, "SRC and DST are the same place");
        try (var store = OpenDatabase.existing(from, env, new ArrayDeque<>());
                var copy = to.openStore(env)) {
            Settings keyed = Settings.defaults().but().keys(keys.keys()).build();
            BackupReport report =
                    Engine.builder(store, from.path()).settings(keyed).backup(copy, to.path());
            FsckReport check =
                    isVerified ? Engine.builder(copy, to.path()).settings(keyed).fsck() : null;
            boolean isSound = check == null || check.isSound();
            if (isJson) out.json(jsonOf(report));
            else print(report, out);
            if (check != null) check.problems().forEach(problem -> out.line("problem: " + problem));
            return isSound ? ExitStatus.OK : ExitStatus.PROBLEMS;
        }
    }

    private static void print(BackupReport report, Output out) {
        out.line(
                "manifest %d copied as %d: %,d objects, %,d bytes; %,d were there"
                        .formatted(
                                report.sourceManifest(),
                                report.manifest(),
                                report.objectsCopied(),
                                report.bytesCopied(),
                                report.objectsPresent()));
    }

    private static Map<String, Object> jsonOf(BackupReport report) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("sourceManifest", report.sourceManifest());
        object.put("manifest", report.manifest());
        object.put("objectsCopied", report.objectsCopied());
        object.put("bytesCopied", report.bytesCopied());
        object.put("objectsPresent", report.objectsPresent());
        return object;
    }
}

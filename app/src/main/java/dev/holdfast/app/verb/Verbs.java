package dev.holdfast.app.verb;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.verb.change.BackupVerb;
import dev.holdfast.app.verb.change.CheckpointVerb;
import dev.holdfast.app.verb.change.CloneVerb;
import dev.holdfast.app.verb.change.CompactVerb;
import dev.holdfast.app.verb.change.DeleteVerb;
import dev.holdfast.app.verb.change.DetachVerb;
import dev.holdfast.app.verb.change.DropVerb;
import dev.holdfast.app.verb.change.GcVerb;
import dev.holdfast.app.verb.change.ImportVerb;
import dev.holdfast.app.verb.change.IngestVerb;
import dev.holdfast.app.verb.change.LoadVerb;
import dev.holdfast.app.verb.change.ProfileVerb;
import dev.holdfast.app.verb.change.PutVerb;
import dev.holdfast.app.verb.change.TailVerb;
import dev.holdfast.app.verb.look.ChangesVerb;
import dev.holdfast.app.verb.look.ExportVerb;
import dev.holdfast.app.verb.look.FsckVerb;
import dev.holdfast.app.verb.look.GetVerb;
import dev.holdfast.app.verb.look.KeysVerb;
import dev.holdfast.app.verb.look.ManifestVerb;
import dev.holdfast.app.verb.look.ScanVerb;
import dev.holdfast.app.verb.look.SeqVerb;
import dev.holdfast.app.verb.look.SstVerb;
import dev.holdfast.app.verb.look.StatsVerb;
import dev.holdfast.app.verb.look.TierVerb;
import dev.holdfast.app.verb.look.WalVerb;
import dev.holdfast.app.verb.word.Group;
import dev.holdfast.base.ByteSize;
import dev.holdfast.lifecycle.Kernel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The whole command line: all verbs, and how it fails.
public final class Verbs {
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private Verbs() {}

    /// The program itself.
    @Command(
            name = "holdfast",
            description = {
                "A storage engine whose disk is an object store, with a Redis server on it.",
                ""
            },
            footer = {
                "",
                "Start here:  holdfast serve     then     redis-cli set greeting hello",
                "Each verb explains itself: holdfast <verb> --help",
                "",
                "Looking (get, scan, export, stats, sst, manifest, wal, fsck, tier, tail show,"
                        + " why-stuck) writes"
                        + " nothing and is safe beside a live"
                        + " server. Writing (put, delete, load, ingest, import) refuses while"
                        + " another process holds the database.",
                ""
            })
    static final class Holdfast extends Group {
        @Option(
                names = {"-V", "--version"},
                versionHelp = true,
                description = "Print the version and exit.")
        private boolean isVersionAsked;
    }

    /// The command line of this process. Its exit codes are those of [ExitStatus].
    ///
    /// @param kernel null unless the line [#wantsKernel]
    public static CommandLine commandLine(@Nullable Kernel kernel) {
        var line = new CommandLine(new Holdfast());
        line.addSubcommand(new ServeVerb(kernel));
        line.addSubcommand(new GetVerb());
        line.addSubcommand(new PutVerb());
        line.addSubcommand(new DeleteVerb());
        line.addSubcommand(new ScanVerb());
        line.addSubcommand(new LoadVerb());
        line.addSubcommand(new ImportVerb());
        line.addSubcommand(new ExportVerb());
        line.addSubcommand(new IngestVerb());
        line.addSubcommand(new ChangesVerb(kernel));
        line.addSubcommand(new ProfileVerb());
        line.addSubcommand(new SeqVerb());
        line.addSubcommand(new StatsVerb());
        line.addSubcommand(new SstVerb());
        line.addSubcommand(new ManifestVerb());
        line.addSubcommand(new WalVerb());
        line.addSubcommand(new FsckVerb());
        line.addSubcommand(new KeysVerb());
        line.addSubcommand(new TierVerb());
        line.addSubcommand(new TailVerb());
        line.addSubcommand(new CompactVerb(kernel));
        line.addSubcommand(new GcVerb());
        line.addSubcommand(new BackupVerb());
        line.addSubcommand(new BackupVerb.RestoreVerb());
        line.addSubcommand(new CheckpointVerb());
        line.addSubcommand(new CloneVerb());
        line.addSubcommand(new DetachVerb());
        line.addSubcommand(new DropVerb());
        line.addSubcommand(new WhyStuckVerb());
        line.addSubcommand(new VersionVerb());
        line.getCommandSpec().version("holdfast " + Versions.program());
        line.getCommandSpec().usageMessage().footer(withExitCodes(line));
        return withConverters(line)
                .setUsageHelpWidth(100)
                .setUsageHelpLongOptionsMaxWidth(34)
                .setParameterExceptionHandler((wrong, _) -> refuse(wrong))
                .setExecutionExceptionHandler((thrown, _, _) -> fail(thrown));
    }

    /// True if the line starts something that serves until it is told to stop.
    public static boolean wantsKernel(String[] args) {
        if (args.length == 0) return false;
        return Set.of("serve", "compact", "changes").contains(args[0]);
    }

    /// `line`, able to read sizes and times.
    static CommandLine withConverters(CommandLine line) {
        line.registerConverter(ByteSize.class, Verbs::sizeIn);
        line.registerConverter(Duration.class, Verbs::timeIn);
        line.registerConverter(UUID.class, Verbs::uuidIn);
        line.registerConverter(int.class, text -> wholeIn(text, Integer::parseInt));
        line.registerConverter(Integer.class, text -> wholeIn(text, Integer::parseInt));
        line.registerConverter(long.class, text -> wholeIn(text, Long::parseLong));
        line.registerConverter(Long.class, text -> wholeIn(text, Long::parseLong));
        return line;
    }

    /// What is wrong, in one line and in our words.
    static String lineOf(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption())
            return unexpected(unmatched);
        String message =
                String.valueOf(wrong.getMessage())
                        .replaceAll("\\s*\\R\\s*", " ")
                        .replaceFirst("^Error: ", "");
        return message.isEmpty()
                ? message
                : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    private static String unexpected(UnmatchedArgumentException unmatched) {
        String word = unmatched.getUnmatched().getFirst();
        CommandLine line = unmatched.getCommandLine();
        if (!(line.getCommand() instanceof Group)) return "one word too many: `" + word + "`";
        return "no such verb: `%s`; there are %s"
                .formatted(word, String.join(", ", line.getSubcommands().keySet()));
    }

    private static <T> T wholeIn(String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (NumberFormatException wrong) {
            throw new TypeConversionException("not a whole number in range: `" + text + "`");
        }
    }

    private static String[] withExitCodes(CommandLine line) {
        String codes =
                Arrays.stream(ExitStatus.values())
                        .map(status -> status.code() + " " + status.meaning())
                        .collect(Collectors.joining(", "));
        String[] footer = line.getCommandSpec().usageMessage().footer();
        String[] extended = Arrays.copyOf(footer, footer.length + 1);
        extended[footer.length] = "Exit: " + codes + "; serve adds 20 to 27.";
        return extended;
    }

    private static ByteSize sizeIn(String text) {
        try {
            return ByteSize.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException(String.valueOf(wrong.getMessage()));
        }
    }

    private static UUID uuidIn(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException(
                    "not an id: `" + text + "` (write 32 hex digits in five groups)");
        }
    }

    /// The time that is written in `text`.
    static Duration timeIn(String text) {
        Matcher form = TIME.matcher(text);
        if (!form.matches())
            throw new TypeConversionException("not a time: `" + text + "` (write 100ms, 5s, 2m)");
        long count = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    private static int refuse(ParameterException wrong) {
        String verb = wrong.getCommandLine().getCommandSpec().qualifiedName();
        Output.remark(lineOf(wrong) + " (see " + verb + " --help)");
        return ExitStatus.USAGE.code();
    }

    // `holdfast scan | head` is no accident.
    private static boolean isReaderGone(Failure failure) {
        return failure.status() == ExitStatus.IO
                && String.valueOf(failure.getMessage()).contains(Output.READER_GONE);
    }

    private static int fail(Exception thrown) {
        Failure failure = Failure.of(thrown);
        if (!isReaderGone(failure)) Output.remark(String.valueOf(failure.getMessage()));
        if (System.getenv("HOLDFAST_TRACE") != null) thrown.printStackTrace();
        return failure.status().code();
    }
}

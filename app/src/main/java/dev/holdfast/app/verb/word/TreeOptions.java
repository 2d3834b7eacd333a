package dev.holdfast.app.verb.word;

import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Workers;
import dev.holdfast.engine.api.SettingsBuilder;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a server tends the tree of its database: what hardly anybody has to say.
public final class TreeOptions {
    /// For which engines a database is written.
    enum Profile {
        found,
        slatedb_0_12,
        slatedb_0_15;

        @Override
        public String toString() {
            return name().replaceFirst("_", "-").replace('_', '.');
        }
    }

    @Option(
            names = "--profile",
            paramLabel = "found|slatedb-0.12|slatedb-0.15",
            defaultValue = "found",
            converter = ProfileIn.class,
            description =
                    "Which SlateDB can open the database: what it is made for, or has to be made"
                            + " for; found for any, and slatedb-0.12 for a new one (default:"
                            + " ${DEFAULT-VALUE}).")
    private Profile profile = Profile.found;

    @Option(
            names = "--manifest-poll-interval",
            paramLabel = "TIME",
            defaultValue = "1s",
            description = "How often a newer writer is looked for (default: ${DEFAULT-VALUE}).")
    private Duration manifestPollInterval = Duration.ZERO;

    @Option(
            names = "--close-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "The longest that the engine takes to close (default: ${DEFAULT-VALUE}).")
    private Duration closeTimeout = Duration.ZERO;

    @Option(
            names = "--l0-tables-max",
            paramLabel = "N",
            defaultValue = "8",
            description =
                    "With so many tables in L0, new ones wait a little for the compactor (default:"
                            + " ${DEFAULT-VALUE}).")
    private int l0TablesMax;

    @Option(
            names = "--gc-min-age",
            paramLabel = "TIME",
            defaultValue = "5m",
            description =
                    "How old an object is at least before it is removed (default:"
                            + " ${DEFAULT-VALUE}).")
    private Duration collectionMinAge = Duration.ZERO;

    @Option(
            names = "--compaction-sources-min",
            paramLabel = "N",
            defaultValue = "4",
            description =
                    "The least number of tables or runs worth a compaction (default:"
                            + " ${DEFAULT-VALUE}).")
    private int sourcesMin;

    @Option(
            names = "--compaction-sources-max",
            paramLabel = "N",
            defaultValue = "8",
            description = "The most that one takes (default: ${DEFAULT-VALUE}).")
    private int sourcesMax;

    @Option(
            names = "--compaction-size-ratio",
            paramLabel = "X",
            description =
                    "tiered: how many times larger a run may be to be merged with a smaller one;"
                            + " leveled: how many times larger each run becomes (default: 4 tiered,"
                            + " 10 leveled).")
    private @Nullable Double sizeRatio;

    @Option(
            names = "--compaction-jobs",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many compactions run at a time (default: ${DEFAULT-VALUE}).")
    private int jobsMax;

    @Option(
            names = "--compaction-parts",
            paramLabel = "N",
            defaultValue = "2",
            description =
                    "Into how many ranges of keys, worked on at the same time, one is cut"
                            + " (default: ${DEFAULT-VALUE}).")
    private int partsMax;

    @Option(
            names = "--compaction-poll-interval",
            paramLabel = "TIME",
            defaultValue = "5s",
            description =
                    "How often the compactor looks for work that it was not told of (default:"
                            + " ${DEFAULT-VALUE}).")
    private Duration pollInterval = Duration.ZERO;

    @Option(
            names = "--table-size",
            paramLabel = "SIZE",
            defaultValue = "64MiB",
            description = "About how large the tables of a run become (default: ${DEFAULT-VALUE}).")
    private ByteSize tableSize = ByteSize.bytes(0);

    @Option(
            names = "--share-from",
            paramLabel = "SIZE",
            defaultValue = "256MiB",
            description =
                    "Share compactions of so many bytes with workers, where no rule of the"
                            + " application forbids it (default: ${DEFAULT-VALUE}).")
    private ByteSize shareFrom = ByteSize.bytes(0);

    @Option(
            names = "--beat",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "How often a worker says that it lives (default: ${DEFAULT-VALUE}).")
    private Duration beat = Duration.ZERO;

    /// Reads a profile.
    public static final class ProfileIn implements picocli.CommandLine.ITypeConverter<Profile> {
        @Override
        public Profile convert(String text) {
            for (Profile each : Profile.values()) if (each.toString().equals(text)) return each;
            throw new picocli.CommandLine.TypeConversionException(
                    "expected one of [found, slatedb-0.12, slatedb-0.15] but was '" + text + "'");
        }
    }

    /// For which engines the database is written.
    public FormatProfile profile() {
        return switch (profile) {
            case found -> FormatProfile.AS_FOUND;
            case slatedb_0_12, slatedb_0_15 ->
                    FormatProfile.valueOf(profile.name().toUpperCase(Locale.ROOT));
        };
    }

    /// `settings` with what was said, but for compaction.
    public SettingsBuilder givenTo(SettingsBuilder settings) {
        return settings.manifestPollInterval(manifestPollInterval)
                .closeTimeout(closeTimeout)
                .l0TablesMax(l0TablesMax)
                .collectionMinAge(collectionMinAge);
    }

    /// `compaction` with what was said.
    public CompactionSettings givenTo(CompactionSettings compaction) {
        return new CompactionSettings(
                compaction.style(),
                sourcesMin,
                sourcesMax,
                sizeRatio == null ? compaction.sizeRatio() : sizeRatio,
                tableSize,
                jobsMax,
                partsMax,
                pollInterval,
                new Workers(shareFrom, beat),
                compaction.replacedKept());
    }
}

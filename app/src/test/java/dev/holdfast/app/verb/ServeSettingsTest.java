package dev.holdfast.app.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.app.console.Failure;
import dev.holdfast.app.serve.ServerSettings;
import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.CompactionSettings.Workers;
import dev.holdfast.engine.api.Compression;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.upkeep.FilterPolicy;
import dev.holdfast.engine.api.upkeep.FormatProfile;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// What `serve` can be told of the engine: every setting has a flag, and each flag arrives.
class ServeSettingsTest {
    // What clients of a server have no use for, and what is told by more than one flag.
    private static final Set<String> WITHOUT_A_FLAG =
            Set.of("transactions", "rows", "keys", "compaction");

    private record Told(
            String component, String flag, Function<ServerSettings, Object> of, Object value) {}

    private static Told db(String component, String flag, Function<Settings, Object> of, Object v) {
        return new Told(component, flag, settings -> of.apply(settings.db()), v);
    }

    private static Told tree(
            String component, String flag, Function<CompactionSettings, Object> of, Object v) {
        return new Told(component, flag, settings -> of.apply(settings.db().compaction()), v);
    }

    private static final List<Told> TOLD =
            List.of(
                    db(
                            "flushInterval",
                            "--flush-interval=3s",
                            Settings::flushInterval,
                            Duration.ofSeconds(3)),
                    db(
                            "walPutIntervalMin",
                            "--wal-put-interval-min=7ms",
                            Settings::walPutIntervalMin,
                            Duration.ofMillis(7)),
                    db("walSizeMax", "--wal-size-max=1m", Settings::walSizeMax, mebibytes(1)),
                    db("l0SstSize", "--l0-sst-size=2m", Settings::l0SstSize, mebibytes(2)),
                    db(
                            "unflushedMax",
                            "--unflushed-max=512m",
                            Settings::unflushedMax,
                            mebibytes(512)),
                    db(
                            "blockCacheSize",
                            "--block-cache-size=3m",
                            Settings::blockCacheSize,
                            mebibytes(3)),
                    db("blockSize", "--block-size=8k", Settings::blockSize, ByteSize.kibibytes(8)),
                    db(
                            "compression",
                            "--compression=zstd",
                            Settings::compression,
                            Compression.ZSTD),
                    db(
                            "filterBitsPerKey",
                            "--filter-bits-per-key=12",
                            Settings::filterBitsPerKey,
                            12),
                    db("filterKeysMin", "--filter-keys-min=5", Settings::filterKeysMin, 5),
                    db(
                            "manifestPollInterval",
                            "--manifest-poll-interval=2s",
                            Settings::manifestPollInterval,
                            Duration.ofSeconds(2)),
                    db(
                            "writeTimeout",
                            "--write-timeout=9s",
                            Settings::writeTimeout,
                            Duration.ofSeconds(9)),
                    db(
                            "closeTimeout",
                            "--close-timeout=8s",
                            Settings::closeTimeout,
                            Duration.ofSeconds(8)),
                    db("l0TablesMax", "--l0-tables-max=20", Settings::l0TablesMax, 20),
                    db(
                            "collectionInterval",
                            "--gc-interval=6m",
                            Settings::collectionInterval,
                            Duration.ofMinutes(6)),
                    db(
                            "collectionMinAge",
                            "--gc-min-age=7m",
                            Settings::collectionMinAge,
                            Duration.ofMinutes(7)),
                    tree("style", "--compaction=leveled", CompactionSettings::style, Style.LEVELED),
                    tree(
                            "sourcesMin",
                            "--compaction-sources-min=2",
                            CompactionSettings::sourcesMin,
                            2),
                    tree(
                            "sourcesMax",
                            "--compaction-sources-max=16",
                            CompactionSettings::sourcesMax,
                            16),
                    tree(
                            "sizeRatio",
                            "--compaction-size-ratio=3.5",
                            CompactionSettings::sizeRatio,
                            3.5),
                    tree(
                            "tableSize",
                            "--table-size=32m",
                            CompactionSettings::tableSize,
                            mebibytes(32)),
                    tree("jobsMax", "--compaction-jobs=3", CompactionSettings::jobsMax, 3),
                    tree("partsMax", "--compaction-parts=6", CompactionSettings::partsMax, 6),
                    tree(
                            "pollInterval",
                            "--compaction-poll-interval=11s",
                            CompactionSettings::pollInterval,
                            Duration.ofSeconds(11)),
                    tree(
                            "workers",
                            "--share-from=5m",
                            CompactionSettings::workers,
                            new Workers(mebibytes(5), Duration.ofSeconds(5))),
                    tree(
                            "workers",
                            "--beat=2s",
                            CompactionSettings::workers,
                            new Workers(mebibytes(256), Duration.ofSeconds(2))),
                    tree(
                            "replacedKept",
                            "--replaced-kept=4m",
                            CompactionSettings::replacedKept,
                            Duration.ofMinutes(4)));

    private static ByteSize mebibytes(long count) {
        return ByteSize.mebibytes(count);
    }

    private static ServerSettings settings(String... flags) {
        var options = new ServerOptions();
        var words = new ArrayList<>(List.of("--data", "memory:"));
        words.addAll(List.of(flags));
        Verbs.withConverters(new CommandLine(options)).parseArgs(words.toArray(String[]::new));
        return options.settings();
    }

    @Test
    void shouldHaveAFlagForEverySetting() {
        var told = new TreeSet<String>();
        for (Told each : TOLD) told.add(each.component());
        var missing = new TreeSet<String>();
        Stream.of(Settings.class, CompactionSettings.class)
                .flatMap(type -> Stream.of(type.getRecordComponents()))
                .map(RecordComponent::getName)
                .filter(name -> !told.contains(name) && !WITHOUT_A_FLAG.contains(name))
                .forEach(missing::add);
        assertEquals(Set.of(), missing);
    }

    @Test
    void shouldGiveTheEngineWhatEachFlagSays() {
        ServerSettings usual = settings();
        for (Told each : TOLD) {
            assertTrue(!each.value().equals(each.of().apply(usual)), each.flag());
            assertEquals(each.value(), each.of().apply(settings(each.flag())), each.flag());
        }
    }

    @Test
    void shouldKeepBlocksInAQuarterOfTheMemoryUnlessItIsToldOtherwise() {
        assertEquals(mebibytes(256), settings("--memory=1g").db().blockCacheSize());
        assertEquals(mebibytes(64), settings("--memory=100m").db().blockCacheSize());
    }

    @Test
    void shouldStoreInTheProfileAndWithTheFiltersThatAreAskedFor() {
        assertEquals(ServerSettings.Form.USUAL, settings().form());

        ServerSettings.Form form =
                settings("--profile=slatedb-0.15", "--filter-prefix=fixed:4").form();

        assertEquals(FormatProfile.SLATEDB_0_15, form.profile());
        List<FilterPolicy> filters = form.filters();
        assertTrue(filters != null && filters.getFirst().name().equals("_bf:p=fixed-4"));
        assertEquals(
                FormatProfile.SLATEDB_0_12, settings("--profile=slatedb-0.12").form().profile());
        assertThrows(
                Failure.class,
                () -> settings("--filter-prefix=fixed:4", "--filter-bits-per-key=0"));
    }

    @Test
    void shouldRefuseWhatIsNoProfileAndNoPrefix() {
        for (String wrong : List.of("--profile=0.15", "--filter-prefix=4", "--block-size=big"))
            assertThrows(CommandLine.ParameterException.class, () -> settings(wrong));
        assertThrows(Failure.class, () -> settings("--block-size=1m"));
        assertThrows(Failure.class, () -> settings("--compaction-sources-min=9"));
    }
}

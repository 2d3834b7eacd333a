package dev.holdfast.system.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.api.upkeep.CheckpointOptions;
import dev.holdfast.engine.api.upkeep.CollectionRules;
import dev.holdfast.engine.api.upkeep.DropRules;
import dev.holdfast.system.parity.ParityPage.House;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The page that sets Holdfast beside SlateDB: each row has a test that exists or a reason, names
/// metrics and verbs that exist, and no setting of ours is left out.
class ParityPageTest {
    private static final Path ROOT = dev.holdfast.system.tidy.House.ROOT;
    private static final Pattern METRIC = Pattern.compile("`(holdfast_[a-z0-9_]+)`");
    private static final Pattern VERB = Pattern.compile("name = \"([a-z-]+)\"");
    private static final List<Class<? extends Record>> SETTINGS =
            List.of(
                    Settings.class,
                    Settings.Rows.class,
                    Transaction.Limits.class,
                    CompactionSettings.class,
                    CompactionSettings.Workers.class,
                    LocalSettings.class,
                    LocalSettings.Shipping.class,
                    ReaderSettings.class,
                    Reads.Options.class,
                    Scan.Options.class,
                    WriteBatch.Options.class,
                    CheckpointOptions.class,
                    CollectionRules.class,
                    DropRules.class);

    @Test
    void shouldShowEachRowByATestOrAReason() throws IOException {
        ParityPage page = page();

        assertTrue(150 < page.rows().size(), "rows: " + page.rows().size());
        assertEquals("", String.join("\n", page.brokenBy(house())));
    }

    @Test
    void shouldNameEverySettingOfOurs() throws IOException {
        ParityPage page = page();

        var missing = new TreeSet<String>();
        for (Class<? extends Record> settings : SETTINGS)
            for (RecordComponent component : settings.getRecordComponents())
                if (!page.names(component.getName()))
                    missing.add(settings.getSimpleName() + "." + component.getName());
        assertEquals("", String.join("\n", missing));
    }

    @Test
    void shouldNoticeRowsThatShowNothing() {
        var page =
                ParityPage.of(
                        """
                        | SlateDB | Holdfast | shown by |
                        |---|---|---|
                        | a | `holdfast_gone_total` | `GoneTest` |
                        | b | `holdfast vanish --now` | none: as it is |
                        | c | | words |
                        """);

        assertEquals(
                Set.of(
                        "no such metric: holdfast_gone_total",
                        "no such test: GoneTest",
                        "no such verb: vanish",
                        "no reason: b",
                        "no test: c",
                        "empty: Row[theirs=c, ours=, shown=words]"),
                page.brokenBy(new House(Set.of(), Set.of(), Set.of())));
    }

    private static ParityPage page() throws IOException {
        return ParityPage.of(Files.readString(ROOT.resolve("docs/slatedb-parity.md")));
    }

    private static House house() throws IOException {
        Set<String> tests =
                sources("src/test").stream()
                        .map(file -> file.getFileName().toString().replace(".java", ""))
                        .collect(Collectors.toSet());
        var verbs = new TreeSet<String>();
        for (Path file : sources("app/src/main"))
            VERB.matcher(Files.readString(file)).results().forEach(hit -> verbs.add(hit.group(1)));
        String monitor = Files.readString(ROOT.resolve("docs/operating/monitor.md"));
        Set<String> metrics =
                METRIC.matcher(monitor)
                        .results()
                        .map(hit -> hit.group(1))
                        .collect(Collectors.toSet());
        return new House(tests, metrics, verbs);
    }

    private static List<Path> sources(String below) throws IOException {
        try (var files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> ROOT.relativize(file).toString().contains(below))
                    .toList();
        }
    }
}

package dev.holdfast.app.verb.change;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.console.Units;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.OperatorOptions;
import dev.holdfast.app.verb.word.SegmentOptions;
import dev.holdfast.app.verb.word.TableOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineBuilder;
import dev.holdfast.engine.StandaloneCompactor;
import dev.holdfast.engine.StandaloneWorker;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.CompactionSettings.Style;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.upkeep.SegmentRules;
import dev.holdfast.engine.api.upkeep.SegmentRules.Retention;
import dev.holdfast.lifecycle.Kernel;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.redis.RedisCompaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `compact`: merges tables until there is nothing left to merge.
@Command(
        name = "compact",
        header = "Merge the tables of a database.",
        description = {
            "Merges tables until there is nothing left to merge, and ends. Becomes the compactor of"
                    + " the database: one in a server or another process gives way. Writers go on."
                    + " Stopped or killed, what it had finished is taken up by the next compactor.",
            "",
            "With --worker it publishes nothing itself: it works on parts of the large compactions"
                    + " of whoever is the compactor, on this machine or another, until it is told"
                    + " to stop. Any number may run, and die anywhere.",
            "",
            "New tables are like those that this command is told of, not like those that it merges:"
                    + " give it the compression and the filters that the writer has.",
            ""
        },
        footer = {
            "",
            "Styles: tiered merges runs of like size; leveled keeps each run ten times larger than"
                    + " the next newer one; everything makes one run of all there is.",
            "Examples:",
            "  holdfast compact",
            "  holdfast compact --style everything --data file:///var/lib/holdfast --json",
            "  holdfast compact --worker --data s3://bucket/db --idle-exit 10m",
            "  holdfast compact --merge-operator com.example.Sum --jar app.jar",
            "  holdfast compact --segments fixed:10 --keep-segments 30",
            "Exit: 0 done, 66 no such database, 69 another compactor took over or"
                    + " the store does not answer. A worker, and a compactor that is told to end"
                    + " before it is done, end as serve does: 0, or 20 to 27."
        })
public final class CompactVerb extends Verb {
    /// How tables are merged.
    enum Way {
        tiered,
        leveled,
        everything
    }

    @Mixin private LocationOptions data = new LocationOptions();
    @Mixin private TableOptions tables = new TableOptions();
    @Mixin private OperatorOptions operator = new OperatorOptions();
    @Mixin private SegmentOptions segments = new SegmentOptions();

    @Option(
            names = "--keep-segments",
            paramLabel = "N",
            description =
                    "Drop all segments but the last N in the order of their prefixes; with"
                            + " --segments alone (default: keep all).")
    private @Nullable Integer keptSegments;

    @Option(
            names = "--style",
            paramLabel = "tiered|leveled|everything",
            defaultValue = "tiered",
            description = "Which tables are merged (default: ${DEFAULT-VALUE}).")
    private Way way = Way.tiered;

    @Option(
            names = "--table-size",
            paramLabel = "SIZE",
            defaultValue = "64MiB",
            description = "About how large a table becomes (default: ${DEFAULT-VALUE}).")
    private ByteSize tableSize = ByteSize.mebibytes(64);

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "End unfinished after so long (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofHours(24);

    @Option(
            names = "--share-from",
            paramLabel = "SIZE",
            defaultValue = "256MiB",
            description =
                    "Share compactions of so many bytes with workers, if there are any (default:"
                            + " ${DEFAULT-VALUE}).")
    private ByteSize shareFrom = ByteSize.mebibytes(256);

    @Option(
            names = "--beat",
            paramLabel = "TIME",
            defaultValue = "5s",
            description =
                    "How often a worker says that it lives; after four beats without a word its"
                            + " part is given to another (default: ${DEFAULT-VALUE}).")
    private Duration beat = Duration.ofSeconds(5);

    @Option(
            names = "--drop-dead",
            description =
                    "Drop the rows of Redis values that were removed or replaced, as serve does; no"
                            + " worker takes part.")
    private boolean dropsDead;

    @Option(names = "--worker", description = "Work for another compactor.")
    private boolean isWorker;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "worker",
            description = "What the worker is called in logs (default: ${DEFAULT-VALUE}).")
    private String name = "worker";

    @Option(
            names = "--idle-exit",
            paramLabel = "TIME",
            description = "End the worker after so long without work (default: never).")
    private @Nullable Duration idleExit;

    @Option(
            names = "--parts",
            paramLabel = "N",
            defaultValue = "2",
            description = "On how many parts it works at a time (default: ${DEFAULT-VALUE}).")
    private int parts = 2;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean isJson;

    private final AtomicBoolean isTold = new AtomicBoolean();
    private final @Nullable Kernel kernel;

    /// @param kernel of this process; null where nobody can be told to end
    public CompactVerb(@Nullable Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    protected ExitStatus run(Output out) throws Exception {
        if (isWorker) work(out, kernel());
        else compact(out);
        return ExitStatus.OK;
    }

    private Kernel kernel() {
        if (kernel == null) throw new Failure(ExitStatus.INTERNAL, "no kernel to work with");
        return kernel;
    }

    // Ends when it is told to, by the kernel.
    private void work(Output out, Kernel working) {
        DatabaseLocation location = data.location();
        Env env = Env.system();
        ObjectStore store = OpenDatabase.existing(location, env, new ArrayDeque<>());
        Runnable whenIdle = () -> working.requestStop(Mode.SMART, "no work for " + idleExit);
        StandaloneWorker worker =
                builder(store, location.path())
                        .worker(new StandaloneWorker.Manner(name, idleExit, whenIdle));
        worker.requireWritable();
        working.onReport(report -> print(worker.progress(), out));
        working.run(
                worker.scope(), () -> Output.remark("worker " + name + " looks at " + location));
    }

    private void print(StandaloneWorker.Progress done, Output out) {
        if (isJson) out.json(jsonOf(done));
        else
            out.line(
                    "%,d parts done, %,d given back, %,d lost, %,d tables written"
                            .formatted(
                                    done.done(),
                                    done.givenBack(),
                                    done.lost(),
                                    done.tablesWritten()));
        out.close();
    }

    private Settings settings() {
        CompactionSettings compaction =
                compaction()
                        .withTableSize(tableSize)
                        .withJobs(CompactionSettings.defaults().jobsMax(), parts)
                        .withWorkers(new CompactionSettings.Workers(shareFrom, beat));
        return tables.givenTo(Settings.defaults().but())
                .compaction(compaction)
                .keys(data.location().keys())
                .build();
    }

    // Ends when there is nothing left to do; told to end before that, it is stopped by the kernel.
    private void compact(Output out) throws Exception {
        DatabaseLocation location = data.location();
        try (var store = OpenDatabase.existing(location, Env.system(), new ArrayDeque<>());
                var compactor = compactorOf(store, location.path())) {
            compactor.requireWritable();
            if (kernel == null) {
                compactor.start();
                compactor.awaitIdle(timeout);
            } else {
                kernel.onReport(report -> print(compactor.progress(), out));
                kernel.runFor(compactor.scope(), () -> awaitIdle(compactor));
            }
            print(compactor.progress(), out);
        }
    }

    private StandaloneCompactor compactorOf(ObjectStore store, String path) {
        EngineBuilder builder = builder(store, path);
        if (dropsDead) builder.compactionFilter(RedisCompaction.deadRows());
        return builder.compactor();
    }

    private EngineBuilder builder(ObjectStore store, String path) {
        try {
            EngineBuilder builder = Engine.builder(store, path).settings(settings());
            SegmentRules rules = segmentRules();
            if (rules != null) builder.segments(rules);
            return operator.givenTo(tables.givenTo(builder));
        } catch (IllegalArgumentException wrong) {
            throw new Failure(ExitStatus.USAGE, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private @Nullable SegmentRules segmentRules() {
        SegmentRules rules = segments.rules();
        if (keptSegments == null) return rules;
        if (rules == null)
            throw new IllegalArgumentException("--keep-segments is of use with --segments alone");
        return rules.retaining(Retention.newest(keptSegments));
    }

    private @Nullable Void awaitIdle(StandaloneCompactor compactor) throws InterruptedException {
        compactor.awaitIdle(timeout);
        return null;
    }

    private void print(StandaloneCompactor.Progress done, Output out) {
        if (!isTold.compareAndSet(false, true)) return; // told to end when it had just ended
        if (isJson) out.json(jsonOf(done));
        else
            out.line(
                    "%s, %s read, %s written"
                            .formatted(
                                    Units.count(done.compactions(), "compaction"),
                                    Units.count(done.rowsRead(), "row"),
                                    Units.count(done.tablesWritten(), "table")));
        out.close();
    }

    private CompactionSettings compaction() {
        return switch (way) {
            case tiered -> CompactionSettings.defaults();
            case leveled -> CompactionSettings.leveled();
            case everything -> CompactionSettings.defaults().withStyle(Style.EVERYTHING);
        };
    }

    private static Map<String, Object> jsonOf(StandaloneCompactor.Progress done) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("compactions", done.compactions());
        object.put("rowsRead", done.rowsRead());
        object.put("tablesWritten", done.tablesWritten());
        object.put("partsOffered", done.sharing().offered());
        object.put("partsByWorkers", done.sharing().byWorkers());
        object.put("partsReclaimed", done.sharing().reclaimed());
        object.put("resultsLate", done.sharing().late());
        object.put("resultsRefused", done.sharing().refused());
        object.put("partsResumed", done.sharing().resumed());
        return object;
    }

    private Map<String, Object> jsonOf(StandaloneWorker.Progress done) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("worker", name);
        object.put("claimed", done.claimed());
        object.put("done", done.done());
        object.put("givenBack", done.givenBack());
        object.put("lost", done.lost());
        object.put("tablesWritten", done.tablesWritten());
        return object;
    }
}

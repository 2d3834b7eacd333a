package dev.holdfast.app.verb.look;

import static java.util.Objects.requireNonNull;

import dev.holdfast.app.console.Escapes;
import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.ChangeStream;
import dev.holdfast.engine.api.ChangeStream.Batch;
import dev.holdfast.engine.api.ChangeStream.Position;
import dev.holdfast.engine.api.ChangeStream.Row;
import dev.holdfast.engine.api.ChangeStream.Settings;
import dev.holdfast.engine.api.ChangeStream.Start;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Kernel;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `changes`: prints every commit.
@Command(
        name = "changes",
        header = "Print every commit, in order, and go on where one left off.",
        description = {
            "Prints the commits that the log in the store holds, each once and in order: what was"
                    + " put, deleted or merged, and the position behind it. Given that position"
                    + " with --from it goes on there. Fences nobody;"
                    + " without --name it writes nothing.",
            "",
            "With --name the log is kept for whoever reads under that name, until the lease after"
                    + " its last look is over. What is gone all the same is told, never passed"
                    + " over.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  holdfast changes --from oldest --json",
            "  holdfast changes s3://bucket/db --follow --json --name search --from now",
            "  holdfast changes s3://bucket/db --follow --json --name search --from acknowledged",
            "  holdfast changes s3://bucket/db --name search --forget",
            "Exit: 0, 64 no such position, 66 no such database, or commits that are gone, 69 the"
                    + " store does not answer. Told to end: 0, or 20 to 27."
        })
public final class ChangesVerb extends Verb {
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Mixin private LocationOptions data = new LocationOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "DB",
            description = "The store, as --data says it (default: what --data says).")
    private @Nullable String place;

    @Option(
            names = "--from",
            paramLabel = "POSITION",
            defaultValue = "oldest",
            description =
                    "A position that was printed, or oldest, now, acknowledged (default:"
                            + " ${DEFAULT-VALUE}).")
    private String from = "oldest";

    @Option(names = "--follow", description = "Wait for more, until told to end.")
    private boolean isFollowing;

    @Option(names = "--name", paramLabel = "NAME", description = "Have the log kept for NAME.")
    private @Nullable String name;

    @Option(
            names = "--lease",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "For so long after the last look (default: ${DEFAULT-VALUE}).")
    private Duration lease = Duration.ofHours(1);

    @Option(names = "--forget", description = "Have nothing kept for --name any more, and end.")
    private boolean isForgetting;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: all).")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--json", description = "Print a JSON object a line.")
    private boolean isJson;

    private final @Nullable Kernel kernel;

    /// @param kernel of this process; null where nobody can be told to end
    public ChangesVerb(@Nullable Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    protected ExitStatus run(Output out) throws Exception {
        if (isForgetting && name == null)
            throw new Failure(ExitStatus.USAGE, "--forget needs --name");
        DatabaseLocation location = data.location(place);
        var rest = new ArrayDeque<AutoCloseable>();
        try (var store = OpenDatabase.existing(location, Env.system(), rest);
                ChangeStream changes =
                        Engine.builder(store, location.path())
                                .settings(
                                        OpenDatabase.keyed(
                                                dev.holdfast.engine.api.Settings.defaults(),
                                                location))
                                .changes(settings())) {
            if (isForgetting) changes.forget();
            else if (kernel == null) print(changes, out);
            else kernel.runFor(scopeOf(changes), () -> print(changes, out));
        }
        return ExitStatus.OK;
    }

    private Settings settings() {
        Settings named = name == null ? Settings.unnamed() : Settings.named(name);
        try {
            return named.withLease(lease).from(isForgetting ? new Start.Acknowledged() : start());
        } catch (IllegalArgumentException wrong) {
            throw new Failure(ExitStatus.USAGE, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private Start start() {
        return switch (from) {
            case "oldest" -> new Start.Oldest();
            case "now" -> new Start.Now();
            case "acknowledged" -> new Start.Acknowledged();
            default -> new Start.At(Position.parse(from));
        };
    }

    private @Nullable Void print(ChangeStream changes, Output out) throws InterruptedException {
        for (long shown = 0; shown < limit; ) {
            Batch batch = next(changes);
            if (batch != null) {
                print(batch, out);
                // Whoever reads has it before it counts as taken.
                if (isFollowing || name != null) out.flush();
                if (name != null) changes.acknowledge(batch.next());
                shown++;
            } else if (!isFollowing) return null;
        }
        return null;
    }

    // Null if there is nothing new, or nothing more at all.
    private @Nullable Batch next(ChangeStream changes) throws InterruptedException {
        if (!isFollowing) return changes.next(Duration.ZERO);
        try {
            return changes.next(LOOK);
        } catch (Unavailable notNow) {
            if (notNow.getCause() instanceof ObjectStoreException.Refused) throw notNow;
            Output.remark(String.valueOf(notNow.getMessage()));
            Token.standalone(Env.system()).pause(PAUSE);
            return null;
        } catch (Closed told) {
            isFollowing = false;
            return null;
        }
    }

    private void print(Batch batch, Output out) {
        if (isJson) {
            out.json(jsonOf(batch));
            return;
        }
        ChangeStream.Ingested ingested = batch.ingested();
        if (ingested != null)
            out.line(
                    "%d\tingest\t%s\t%s"
                            .formatted(
                                    batch.seq(),
                                    Escapes.show(ingested.firstKey()),
                                    Escapes.show(ingested.lastKey())));
        for (Row row : batch.rows())
            out.line(
                    "%d\t%s\t%s\t%s"
                            .formatted(
                                    batch.seq(),
                                    wordOf(row),
                                    Escapes.show(row.key()),
                                    Escapes.show(row.value())));
    }

    private static Map<String, Object> jsonOf(Batch batch) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Row row : batch.rows()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("kind", wordOf(row));
            Output.put(object, "key", row.key());
            if (row.kind() != ChangeStream.Kind.DELETE) Output.put(object, "value", row.value());
            if (row.createdAtMillis() != null) object.put("createdAt", row.createdAtMillis());
            if (row.expireAtMillis() != null) object.put("expireAt", row.expireAtMillis());
            rows.add(object);
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("seq", batch.seq());
        object.put("rows", rows);
        ChangeStream.Ingested ingested = batch.ingested();
        if (ingested != null) object.put("ingested", jsonOf(ingested));
        object.put("next", batch.next().toString());
        return object;
    }

    private static Map<String, Object> jsonOf(ChangeStream.Ingested ingested) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("rows", ingested.rows());
        Output.put(object, "firstKey", ingested.firstKey());
        Output.put(object, "lastKey", ingested.lastKey());
        return object;
    }

    private static String wordOf(Row row) {
        return row.kind().name().toLowerCase(Locale.ROOT);
    }

    private static Scope scopeOf(ChangeStream changes) {
        return Scope.builder("changes", Env.system()).add(new Reading(changes)).build();
    }

    /// The stream as a part of the process: told to end, it keeps its last place.
    private record Reading(ChangeStream changes) implements Component {
        private Reading {
            requireNonNull(changes);
        }

        @Override
        public String name() {
            return "changes";
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.QUIESCE);
        }

        @Override
        public void start(StartContext context) {}

        @Override
        public Outcome stop(Phase phase, StopContext context) {
            changes.close();
            return Outcome.done();
        }
    }
}

package dev.holdfast.app.verb.look;

import dev.holdfast.app.admin.AdminClient;
import dev.holdfast.app.admin.Answer;
import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.inspect.OwnerPage;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.verb.word.Group;
import dev.holdfast.app.verb.word.LocationOptions;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.LocalDirectory;
import dev.holdfast.engine.local.DatabaseOwner;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `tier`: how a local disk and the store behind it stand.
@Command(
        name = "tier",
        header = "Look at the local disk in front of a store.",
        description = "Looks at the local disk in front of a store.",
        subcommands = TierVerb.Status.class,
        footer = {"", "Example:", "  holdfast tier status http://127.0.0.1:7480"})
public final class TierVerb extends Group {
    /// `tier status`: what is at risk, what is on its way, and who owns the database.
    @Command(
            name = "status",
            header = "Print what is at risk, what is on its way, and who owns the database.",
            description = {
                "Asks a running server by the URL of its admin endpoint: marks of the levels, what"
                        + " the loss of its local disk would cost, uploads and what holds them up."
                        + " Of a store it tells who owns the database, by the word that the owner"
                        + " left there, and what the usual local directory keeps aside. Writes"
                        + " nothing and fences nobody.",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  holdfast tier status http://127.0.0.1:7480",
                "  holdfast tier status s3://bucket/prefix --json",
                "Exit: 0, 66 no such database or nothing listens, 69 no answer, 76 not a Holdfast"
                        + " server."
            })
    static final class Status extends Verb {
        private static final JsonMapper JSON = JsonMapper.builder().build();
        private static final String PATH = "/tier";

        @Mixin private LocationOptions data = new LocationOptions();

        @Parameters(
                arity = "0..1",
                paramLabel = "SERVER|LOCATION",
                description =
                        "http://host:port of a server's admin endpoint, or the store, as --data"
                                + " names it.")
        private @Nullable String place;

        @Option(
                names = "--timeout",
                paramLabel = "TIME",
                defaultValue = "5s",
                description = "How long to wait for a server (default: ${DEFAULT-VALUE}).")
        private Duration timeout = Duration.ZERO;

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean isJson;

        @Override
        protected ExitStatus run(Output out) {
            boolean isServer = place != null && place.matches("https?://.*");
            Page page = isServer ? ofServer(URI.create(place)) : ofStore(data.location(place));
            if (isJson) page.printJson(out);
            else page.printText(out);
            return ExitStatus.OK;
        }

        private static Page ofStore(DatabaseLocation location) {
            try (var store = OpenDatabase.existing(location, Env.system(), new ArrayDeque<>())) {
                DatabaseOwner owner = Engine.ownerOf(store, location.path());
                boolean isAtRisk = owner != null && owner.mayHaveMore();
                Path local = location.localDirectory();
                List<String> aside =
                        local == null
                                ? List.of()
                                : LocalDirectory.at(local, location.keys()).tails().stream()
                                        .map(each -> each.name())
                                        .toList();
                return new Page()
                        .add("database", location.toString())
                        .add("othersMayOpen", isAtRisk ? "only by --take-over" : "yes")
                        .add("owner", owner == null ? "nobody" : OwnerPage.of(owner))
                        .add("keptAside", aside);
            }
        }

        private Page ofServer(URI endpoint) {
            try {
                Answer answer = new AdminClient(endpoint, timeout).get(PATH);
                JsonNode page = answer.status() == 200 ? parsed(answer.body()) : null;
                if (page != null) return page(page);
                throw new Failure(
                        answer.status() == 503 ? ExitStatus.UNAVAILABLE : ExitStatus.STRANGER,
                        endpoint + " shows no open database");
            } catch (ConnectException refused) {
                throw new Failure(ExitStatus.MISSING, "nothing listens at " + endpoint, refused);
            } catch (IOException silent) {
                throw new Failure(
                        ExitStatus.UNAVAILABLE,
                        endpoint + " does not answer: " + silent.getMessage(),
                        silent);
            }
        }

        private static @Nullable JsonNode parsed(String text) {
            try {
                JsonNode page = JSON.readTree(text);
                return page.path("product").asString("").equals("holdfast") ? page : null;
            } catch (JacksonException foreign) {
                return null;
            }
        }

        private static Page page(JsonNode object) {
            var page = new Page();
            for (Map.Entry<String, JsonNode> each : object.properties())
                page.add(each.getKey(), value(each.getValue()));
            return page;
        }

        private static Object value(JsonNode node) {
            if (node.isObject()) return page(node);
            if (node.isNumber()) return node.numberValue();
            if (!node.isArray()) return node.asString();
            var items = new ArrayList<Object>();
            for (JsonNode each : node) items.add(value(each));
            return items;
        }
    }
}

package dev.holdfast.redis.server;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Category;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/// `INFO [section ...]`: figures of the moment, by section, in Redis's words where it has them.
public final class StatusCommand {
    private static final Set<String> NOT_BY_DEFAULT = Set.of("commandstats", "latencystats");

    private final Map<String, Supplier<Map<String, Object>>> sections = new LinkedHashMap<>();

    public StatusCommand(ServerParts parts) {
        var pages = new StatusPages(parts);
        sections.put("Server", pages::server);
        sections.put("Clients", pages::clients);
        sections.put("Memory", pages::memory);
        sections.put("Persistence", pages::persistence);
        sections.put("Stats", pages::stats);
        sections.put("Replication", pages::replication);
        sections.put("CPU", pages::cpu);
        sections.put("Modules", Map::of);
        sections.put("Commandstats", pages::commands);
        sections.put("Errorstats", pages::errors);
        sections.put("Latencystats", pages::latencies);
        sections.put("Cluster", () -> Map.of("cluster_enabled", 0));
        sections.put("Keyspace", pages::keyspace);
        sections.put("Shutdown", pages::shutdown);
    }

    /// The one command.
    public Syntax syntax() {
        return Syntax.session("INFO", -1, this::parse)
                .flags(Flag.LOADING, Flag.STALE)
                .categories(Category.DANGEROUS)
                .docs(
                        Group.SERVER,
                        "1.0.0",
                        "O(1)",
                        "Get information and statistics about the server",
                        "[section ...]");
    }

    private SessionCommand parse(Words words) {
        Set<String> asked = new TreeSet<>();
        for (Bytes word : words.keys(0)) asked.add(word.toUtf8().toLowerCase(Locale.ROOT));
        return _ -> Reply.verbatim(page(asked));
    }

    private String page(Set<String> asked) {
        var page = new StringBuilder();
        sections.forEach((title, figures) -> {
            if (!isAsked(title.toLowerCase(Locale.ROOT), asked)) return;
            if (!page.isEmpty()) page.append("\r\n");
            page.append("# ").append(title).append("\r\n");
            figures.get()
                    .forEach((name, value) ->
                            page.append(name).append(':').append(value).append("\r\n"));
        });
        return page.toString();
    }

    private static boolean isAsked(String section, Set<String> asked) {
        if (asked.contains(section)) return true;
        if (List.of("all", "everything").stream().anyMatch(asked::contains)) return true;
        return (asked.isEmpty() || asked.contains("default")) && !NOT_BY_DEFAULT.contains(section);
    }
}

package dev.holdfast.redis.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The page of all commands, made of what a server tells of itself.
///
/// @param commands every command and subcommand, `container|subcommand`, with its docs
/// @param refused why a command answers with an error, whatever it is called with, or is unknown
record CommandPage(Map<String, Entry> commands, Map<String, String> refused) {
    private static final String HEAD =
            """
            # The commands

            Every command of Redis 7.0, and those that are Holdfast's own or came later. Written
            by a test from what the server tells of itself (COMMAND DOCS):

            ```
            mvn -Dquick -pl redis -am test -Dtest=CommandPageTest \\
                -Dsurefire.failIfNoSpecifiedTests=false -Dtest.jvm.extra=-Dcommand.page.write=true
            ```

            What differs from Redis is told in [the server](redis.md).
            """;

    /// A command.
    record Entry(String group, String since, String summary) {}

    /// The page of a server that `client` is connected to.
    static CommandPage of(RespClient client, Map<String, String> refused) throws IOException {
        Map<String, Entry> commands = new TreeMap<>();
        List<RespValue> parts = client.call("COMMAND", "DOCS").parts();
        for (int i = 0; i + 1 < parts.size(); i += 2)
            add(commands, parts.get(i).text(), fields(parts.get(i + 1)));
        return new CommandPage(commands, refused);
    }

    private static void add(Map<String, Entry> commands, String name, Map<String, RespValue> docs) {
        commands.put(
                name, new Entry(text(docs, "group"), text(docs, "since"), text(docs, "summary")));
        RespValue inner = docs.get("subcommands");
        if (inner == null) return;
        for (int i = 0; i + 1 < inner.parts().size(); i += 2)
            add(commands, inner.parts().get(i).text(), fields(inner.parts().get(i + 1)));
    }

    private static Map<String, RespValue> fields(RespValue map) {
        Map<String, RespValue> fields = new TreeMap<>();
        for (int i = 0; i + 1 < map.parts().size(); i += 2)
            fields.put(map.parts().get(i).text(), map.parts().get(i + 1));
        return fields;
    }

    private static String text(Map<String, RespValue> docs, String name) {
        RespValue value = docs.get(name);
        return value == null ? "" : value.text();
    }

    /// What is wrong with the page, given the names of all commands of Redis 7.0.
    List<String> brokenBy(List<String> redis) {
        List<String> broken = new ArrayList<>();
        for (String name : redis)
            if (!commands.containsKey(name) && reason(name).isEmpty())
                broken.add(name + ": neither there nor listed with a reason");
        for (String name : refused.keySet())
            if (!redis.contains(name)) broken.add(name + ": refused, but no command of Redis");
        return broken;
    }

    /// The page as text.
    String text(List<String> redis) {
        var page = new StringBuilder(HEAD);
        Map<String, List<String>> byGroup =
                commands.keySet().stream()
                        .filter(name -> reason(name).isEmpty())
                        .collect(
                                Collectors.groupingBy(
                                        name -> commands.get(name).group(),
                                        TreeMap::new,
                                        Collectors.toList()));
        byGroup.forEach((group, names) -> {
            page.append("\n## ").append(group).append("\n\n");
            page.append("| command | since | what it does |\n|---|---|---|\n");
            for (String name : names) page.append(row(name, redis));
        });
        page.append("\n## Refused, or not there\n\n| command | why |\n|---|---|\n");
        for (String name : redis)
            if (!reason(name).isEmpty() && !isInside(name))
                page.append("| " + shown(name) + " | " + reason(name) + " |\n");
        return page.toString();
    }

    private String row(String name, List<String> redis) {
        Entry entry = commands.get(name);
        String since = redis.contains(name) ? entry.since : entry.since + ", not in 7.0";
        String summary = entry.summary.replace("|", "or").replaceAll("\\.$", "");
        return "| " + shown(name) + " | " + since + " | " + summary + " |\n";
    }

    private static String shown(String name) {
        return name.toUpperCase(java.util.Locale.ROOT).replace('|', ' ');
    }

    // A command that came to be since is not refused any more.
    private String reason(String name) {
        String own = refused.getOrDefault(name, "");
        if (!own.isEmpty() && own.endsWith("not there yet") && commands.containsKey(name))
            return "";
        if (!own.isEmpty() || !isSubcommand(name)) return own;
        String container = name.substring(0, name.indexOf('|'));
        if (container.equals("module")) return "";
        return commands.containsKey(name) && !container.equals("cluster") ? "" : reason(container);
    }

    private boolean isInside(String name) {
        return isSubcommand(name) && refused.containsKey(name.substring(0, name.indexOf('|')));
    }

    private static boolean isSubcommand(String name) {
        return name.indexOf('|') >= 0;
    }
}

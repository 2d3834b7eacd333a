package dev.holdfast.redis.server;

import dev.holdfast.redis.command.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The arguments of a command as COMMAND DOCS lists them, read from the manual's notation.
///
/// ```
/// WORD       a token, and of the argument that follows it in the same group
/// name       an argument; its type follows from its name
/// [ a b ]    optional
/// a | b      one of them, inside brackets or parentheses
/// ...        the argument before, several times
/// ```
final class UsageArguments {
    private static final Set<String> INTEGERS =
            Set.of(
                    "index",
                    "offset",
                    "start",
                    "end",
                    "increment",
                    "decrement",
                    "count",
                    "seconds",
                    "milliseconds",
                    "cursor",
                    "protover",
                    "db",
                    "destination-db",
                    "timeout");
    private static final Set<String> TIMES = Set.of("unix-time-seconds", "unix-time-milliseconds");

    private final List<String> tokens;
    private int next;

    private UsageArguments(String usage) {
        tokens =
                List.of(
                        usage.replaceAll("([\\[\\]()|])", " $1 ")
                                .replace("...", " ... ")
                                .trim()
                                .split("\\s+"));
    }

    /// The arguments of `usage`, each as the map that COMMAND DOCS shows; none if it is empty.
    static List<Reply> of(String usage) {
        if (usage.isBlank()) return List.of();
        return new UsageArguments(usage).sequence().stream().map(Argument::toReply).toList();
    }

    /// One argument.
    private static final class Argument {
        private final String name;
        private final String type;
        private final String token;
        private final List<Argument> inner;
        private final List<String> flags = new ArrayList<>();

        Argument(String name, String type, String token, List<Argument> inner) {
            this.name = name;
            this.type = type;
            this.token = token;
            this.inner = inner;
        }

        Reply toReply() {
            List<Reply> pairs = new ArrayList<>();
            put(pairs, "name", Reply.bulk(name));
            put(pairs, "type", Reply.bulk(type));
            if (type.equals("key")) put(pairs, "key_spec_index", Reply.ZERO);
            if (!token.isEmpty()) put(pairs, "token", Reply.bulk(token));
            if (!flags.isEmpty())
                put(pairs, "flags", Reply.set(flags.stream().map(Reply::simple).toList()));
            if (!inner.isEmpty())
                put(
                        pairs,
                        "arguments",
                        Reply.array(inner.stream().map(Argument::toReply).toList()));
            return Reply.map(pairs);
        }

        private static void put(List<Reply> pairs, String key, Reply value) {
            pairs.add(Reply.bulk(key));
            pairs.add(value);
        }
    }

    private List<Argument> sequence() {
        List<Argument> found = new ArrayList<>();
        while (next < tokens.size() && !isOneOf(tokens.get(next), "]", ")", "|")) {
            String token = tokens.get(next++);
            switch (token) {
                case "[" -> found.add(flagged(group("]"), "optional"));
                case "(" -> found.add(group(")"));
                case "..." -> flagged(found.getLast(), "multiple");
                default -> found.add(plain(token));
            }
        }
        return found;
    }

    private Argument group(String closing) {
        List<List<Argument>> choices = new ArrayList<>();
        choices.add(sequence());
        while (next < tokens.size() && tokens.get(next).equals("|")) {
            next++;
            choices.add(sequence());
        }
        if (next < tokens.size() && tokens.get(next).equals(closing)) next++;
        if (choices.size() == 1) return block(choices.getFirst());
        List<Argument> inner = choices.stream().map(UsageArguments::block).toList();
        return new Argument(inner.getFirst().name + "-choice", "oneof", "", inner);
    }

    private static Argument block(List<Argument> parts) {
        if (parts.size() == 1) return parts.getFirst();
        return new Argument(parts.getFirst().name + "-block", "block", "", parts);
    }

    private Argument plain(String word) {
        if (!isToken(word)) return new Argument(word, typeOf(word), "", List.of());
        boolean hasValue =
                next < tokens.size()
                        && !isOneOf(tokens.get(next), "[", "]", "(", ")", "|", "...")
                        && !isToken(tokens.get(next));
        if (!hasValue)
            return new Argument(word.toLowerCase(Locale.ROOT), "pure-token", word, List.of());
        String value = tokens.get(next++);
        return new Argument(value, typeOf(value), word, List.of());
    }

    private static Argument flagged(Argument argument, String flag) {
        if (!argument.flags.contains(flag)) argument.flags.add(flag);
        return argument;
    }

    private static boolean isToken(String word) {
        return word.equals(word.toUpperCase(Locale.ROOT));
    }

    private static boolean isOneOf(String word, String... marks) {
        return List.of(marks).contains(word);
    }

    private static String typeOf(String name) {
        if (name.equals("pattern")) return "pattern";
        if (name.endsWith("key") || name.startsWith("key")) return "key";
        if (TIMES.contains(name)) return "unix-time";
        return INTEGERS.contains(name) ? "integer" : "string";
    }
}

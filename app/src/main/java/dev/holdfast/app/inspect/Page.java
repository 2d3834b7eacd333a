package dev.holdfast.app.inspect;

import dev.holdfast.app.console.Output;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What is said of one thing: names and values in order, to be printed as text or as JSON. Values
/// are numbers, texts, pages, or lists of these; what is null is left out. Not thread-safe.
public final class Page {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<String, Object> facts = new LinkedHashMap<>();

    /// Adds a fact, if there is one.
    public Page add(String name, @Nullable Object value) {
        if (value != null) facts.put(name, value);
        return this;
    }

    /// Prints one JSON object.
    public void printJson(Output out) {
        out.json(asMap());
    }

    /// One JSON object.
    public String toJson() {
        return JSON.writeValueAsString(asMap());
    }

    /// Prints `name: value` lines, what is inside further in.
    public void printText(Output out) {
        print(out, "");
    }

    /// Prints one line.
    public void printLine(Output out) {
        out.line(inLine());
    }

    private void print(Output out, String indent) {
        facts.forEach((name, value) -> print(out, indent, name, value));
    }

    private static void print(Output out, String indent, String name, Object value) {
        switch (value) {
            case Page page when page.isShort() -> out.line(indent + name + ": " + page.inLine());
            case Page page -> {
                out.line(indent + name + ":");
                page.print(out, indent + "  ");
            }
            case List<?> list when list.isEmpty() -> out.line(indent + name + ": none");
            case List<?> list -> {
                out.line(indent + name + ": " + list.size());
                for (Object each : list) printItem(out, indent + "  - ", each);
            }
            default -> out.line(indent + name + ": " + value);
        }
    }

    private static void printItem(Output out, String indent, Object item) {
        if (item instanceof Page page && page.isShort()) out.line(indent + page.inLine());
        else if (item instanceof Page page) {
            out.line(indent.stripTrailing());
            page.print(out, " ".repeat(indent.length()));
        } else out.line(indent + item);
    }

    private boolean isShort() {
        return facts.values().stream()
                .noneMatch(value -> value instanceof List<?> || value instanceof Page);
    }

    /// All of it in one line.
    public String inLine() {
        var line = new StringBuilder();
        facts.forEach((name, value) ->
                line.append(line.isEmpty() ? "" : "  ").append(name).append('=').append(value));
        return line.toString();
    }

    private Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        facts.forEach((name, value) -> map.put(name, plain(value)));
        return map;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Page page -> page.asMap();
            case List<?> list -> list.stream().map(Page::plain).toList();
            default -> value;
        };
    }
}

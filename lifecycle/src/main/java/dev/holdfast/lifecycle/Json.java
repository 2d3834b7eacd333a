package dev.holdfast.lifecycle;

import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;

/// Writes JSON: just as much of it as a report needs.
final class Json {
    private final StringBuilder out = new StringBuilder();
    private boolean needsComma;

    Json object(Runnable fields) {
        return within('{', fields, '}');
    }

    private Json within(char open, Runnable content, char close) {
        separate();
        out.append(open);
        needsComma = false;
        content.run();
        out.append(close);
        needsComma = true;
        return this;
    }

    private void separate() {
        if (needsComma) out.append(',');
        needsComma = true;
    }

    Json key(String name) {
        text(name);
        out.append(':');
        needsComma = false;
        return this;
    }

    Json field(String name, String value) {
        return key(name).text(value);
    }

    Json field(String name, long value) {
        key(name).separate();
        out.append(value);
        return this;
    }

    <T> Json list(String name, Collection<T> items, BiConsumer<Json, T> writer) {
        return key(name).within('[', () -> items.forEach(item -> writer.accept(this, item)), ']');
    }

    Json texts(String name, Collection<String> items) {
        return list(name, items, Json::text);
    }

    Json map(String name, Map<String, String> fields) {
        return key(name).object(() -> fields.forEach(this::field));
    }

    Json text(String value) {
        separate();
        out.append('"');
        value.chars().forEach(each -> character((char) each));
        out.append('"');
        return this;
    }

    private void character(char each) {
        switch (each) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                boolean isPlain = ' ' <= each && !Character.isSurrogate(each);
                if (isPlain) out.append(each);
                else out.append("\\u%04x".formatted((int) each));
            }
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}

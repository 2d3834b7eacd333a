package dev.holdfast.lifecycle.text;

import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;

/// Writes JSON: objects, lists, texts and whole numbers, with the commas where they belong.
///
/// Not thread-safe: one writer builds one text.
public final class Json {
    private final StringBuilder out = new StringBuilder();
    private boolean needsComma;

    /// An object, whose fields `fields` writes.
    public Json object(Runnable fields) {
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

    /// The name of a field; its value comes next.
    public Json key(String name) {
        text(name);
        out.append(':');
        needsComma = false;
        return this;
    }

    /// A field that holds a text.
    public Json field(String name, String value) {
        return key(name).text(value);
    }

    /// A field that holds a number.
    public Json field(String name, long value) {
        key(name).separate();
        out.append(value);
        return this;
    }

    /// A field that holds a list, whose items `writer` writes.
    public <T> Json list(String name, Collection<T> items, BiConsumer<Json, T> writer) {
        return key(name).within('[', () -> items.forEach(item -> writer.accept(this, item)), ']');
    }

    /// A list of texts.
    public Json texts(Collection<String> items) {
        return within('[', () -> items.forEach(this::text), ']');
    }

    /// A field that holds a list of texts.
    public Json texts(String name, Collection<String> items) {
        return list(name, items, Json::text);
    }

    /// A field that holds an object of texts.
    public Json map(String name, Map<String, String> fields) {
        return key(name).object(() -> fields.forEach(this::field));
    }

    /// A text, escaped.
    public Json text(String value) {
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

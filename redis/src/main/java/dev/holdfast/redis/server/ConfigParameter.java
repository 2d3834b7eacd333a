package dev.holdfast.redis.server;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Numbers;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One parameter of the server: its name, its present value, and which values it takes.
/// Thread-safe.
final class ConfigParameter {
    private final String name;
    private final Function<String, @Nullable String> complaint;
    private volatile String text;
    private volatile long whole;

    private ConfigParameter(
            String name, String text, Function<String, @Nullable String> complaint) {
        this.name = name;
        this.complaint = complaint;
        this.text = text;
        set(text);
    }

    /// One that cannot be changed while the server runs.
    static ConfigParameter fixed(String name, String value) {
        return new ConfigParameter(name, value, _ -> "can't set immutable config");
    }

    /// One that takes any text.
    static ConfigParameter text(String name, String value) {
        return new ConfigParameter(name, value, _ -> null);
    }

    /// One that is yes or no.
    static ConfigParameter yesNo(String name, String value) {
        return new ConfigParameter(
                name,
                value,
                given ->
                        List.of("yes", "no").contains(given)
                                ? null
                                : "argument must be 'yes' or 'no'");
    }

    /// One that takes one of `words`.
    static ConfigParameter oneOf(String name, String value, List<String> words) {
        return new ConfigParameter(
                name,
                value,
                given ->
                        words.contains(given)
                                ? null
                                : "argument(s) must be one of the following: "
                                        + String.join(", ", words));
    }

    /// One that takes a whole number from `least` to `most`.
    static ConfigParameter whole(String name, long value, long least, long most) {
        return new ConfigParameter(
                name,
                Long.toString(value),
                given -> {
                    Long parsed = Numbers.integerOrNull(Bytes.utf8(given));
                    if (parsed == null) return "argument couldn't be parsed into an integer";
                    return least <= parsed && parsed <= most
                            ? null
                            : "argument must be between " + least + " and " + most + " inclusive";
                });
    }

    String name() {
        return name;
    }

    String text() {
        return text;
    }

    boolean isYes() {
        return text.equals("yes");
    }

    /// The value of a parameter that is a number.
    long whole() {
        return whole;
    }

    /// Why it does not take `given`; null if it does.
    @Nullable String complaintAbout(String given) {
        return complaint.apply(given);
    }

    /// Changes it to what it was asked about before.
    void set(String given) {
        Long parsed = Numbers.integerOrNull(Bytes.utf8(given));
        if (parsed != null) whole = parsed;
        text = given;
    }
}

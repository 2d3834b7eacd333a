package dev.holdfast.redis.server;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.config.KnownParameter;
import dev.holdfast.redis.config.KnownParameter.Rule;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One parameter of the server: its name, its present value, and which values it takes.
/// Thread-safe.
final class ConfigParameter {
    private final String name;
    private final Function<String, @Nullable String> complaint;
    private final BinaryOperator<@Nullable String> form;
    private final String initial;
    private volatile String text;
    private volatile long whole;
    private boolean isForStart; // set before anybody else sees it

    private ConfigParameter(
            String name, String text, Function<String, @Nullable String> complaint) {
        this.name = name;
        this.complaint = complaint;
        this.form = (given, _) -> given;
        this.initial = text;
        this.text = text;
        set(text);
    }

    private ConfigParameter(
            String name,
            String text,
            BinaryOperator<@Nullable String> form,
            Function<String, String> complaint) {
        this.name = name;
        this.complaint =
                given -> form.apply(given, this.text) == null ? complaint.apply(given) : null;
        this.form = form;
        this.initial = text;
        this.text = text;
    }

    /// One that is shown in another form than it was given.
    ///
    /// @param form makes what is shown of what is given and what was shown before; null if it makes
    ///   no sense
    /// @param complaint why what was given makes no sense
    static ConfigParameter derived(
            String name,
            String value,
            BinaryOperator<@Nullable String> form,
            Function<String, String> complaint) {
        return new ConfigParameter(name, value, form, complaint);
    }

    /// One that cannot be changed while the server runs.
    static ConfigParameter fixed(String name, String value) {
        return new ConfigParameter(name, value, _ -> "can't set immutable config");
    }

    /// One that is given when the server starts, and cannot be changed while it runs.
    static ConfigParameter atStart(String name, String value) {
        var parameter = fixed(name, value);
        parameter.isForStart = true;
        return parameter;
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

    /// One of Redis that changes nothing here and follows `rule`.
    static ConfigParameter known(String name, String value, KnownParameter.Rule rule) {
        return switch (rule) {
            case Rule.YesNo _ -> yesNo(name, value);
            case Rule.Whole whole ->
                    whole(name, Long.parseLong(value), whole.least(), whole.most());
            case Rule.Fixed _ -> fixed(name, value);
            case Rule.Protected _ ->
                    new ConfigParameter(name, value, _ -> "can't set protected config");
            case Rule.Only only ->
                    new ConfigParameter(
                            name, value, given -> given.equals(value) ? null : only.why());
            case Rule.SameAs _ -> throw new IllegalArgumentException("an alias: " + name);
        };
    }

    String name() {
        return name;
    }

    String text() {
        return text;
    }

    /// True if it has another value than at first.
    boolean isChanged() {
        return !text.equals(initial);
    }

    boolean isYes() {
        return text.equals("yes");
    }

    /// The value of a parameter that is a number.
    long whole() {
        return whole;
    }

    /// True if it may be given when the server starts, and then no more.
    boolean isForStart() {
        return isForStart;
    }

    /// Why it does not take `given`; null if it does.
    @Nullable String complaintAbout(String given) {
        return complaint.apply(given);
    }

    /// Changes it to what it was asked about before.
    void set(String given) {
        Long parsed = Numbers.integerOrNull(Bytes.utf8(given));
        if (parsed != null) whole = parsed;
        String shown = form.apply(given, text);
        text = shown == null ? given : shown;
    }
}

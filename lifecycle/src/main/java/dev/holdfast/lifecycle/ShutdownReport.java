package dev.holdfast.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.lifecycle.text.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/// How a stop went: what was drained, what was cut, what remains, and who is to blame.
///
/// Immutable. Two stops of one scope share one report.
///
/// @param ending what the stop came to; the exit code counts only if it is STOPPED
public record ShutdownReport(
        String scope,
        Ending ending,
        Mode mode,
        String reason,
        ExitCode exitCode,
        Duration budget,
        Duration used,
        List<PhaseReport> phases,
        List<ComponentReport> components,
        SortedMap<String, String> durable,
        List<String> remains,
        List<String> coincident,
        List<ShutdownReport> nested) {

    /// The version of the JSON form: a field that changes its meaning or goes away raises it.
    public static final int VERSION = 1;

    /// What a stop comes to.
    public enum Ending {
        /// Nothing yet: the report says how far it has come.
        UNDER_WAY,
        /// The scope has stopped.
        STOPPED,
        /// The stop was taken back: the scope serves again, and the process goes on.
        TAKEN_BACK
    }

    /// One phase: its slice of the budget, the time used, and what each component did.
    public record PhaseReport(
            Phase phase, Duration slice, Duration used, List<ComponentOutcome> outcomes) {}

    /// What one component did in one phase.
    public record ComponentOutcome(String component, Fate fate, String detail) {}

    /// How one component ended, after all phases.
    ///
    /// @param holders who still held it when it was abandoned
    public record ComponentReport(
            String component, Fate fate, String detail, List<String> holders) {}

    /// The ends that a component can come to, the mildest first.
    public enum Fate {
        /// It did all that it had to.
        DONE,
        /// It ended in time, but left something undone.
        CUT,
        /// It threw, or said that it failed.
        FAILED,
        /// Somebody abandoned still stands on it, so it was kept.
        LEAKED,
        /// It did not end in time.
        ABANDONED
    }

    /// True if the stop was taken back, so that the scope serves again.
    public boolean isTakenBack() {
        return ending == Ending.TAKEN_BACK;
    }

    /// A report of a process that has no scope yet: all there is to say is who holds it up.
    static ShutdownReport withoutScope(Mode mode, String reason, Duration budget, String holder) {
        var start =
                new ComponentReport(
                        "main", Fate.ABANDONED, "had not built its scope", List.of(holder));
        return new ShutdownReport(
                "process",
                Ending.UNDER_WAY,
                mode,
                reason,
                ExitCode.START_ABORTED,
                budget,
                Duration.ZERO,
                List.of(),
                List.of(start),
                Collections.emptySortedMap(),
                List.of(),
                List.of(),
                List.of());
    }

    /// The same, of a process that ended with `code`.
    ShutdownReport endedWith(ExitCode code) {
        return new ShutdownReport(
                scope,
                Ending.STOPPED,
                mode,
                reason,
                code,
                budget,
                used,
                phases,
                components,
                durable,
                remains,
                coincident,
                nested);
    }

    /// One readable page.
    public String toPage() {
        StringBuilder out = new StringBuilder();
        writePage(this, "", out);
        return out.toString();
    }

    /// The same as one line of JSON; docs/operating/stop.md names the fields.
    public String toJson() {
        return write(new Json(), this).toString();
    }

    /// What it comes to for `phase` of the scope around.
    Outcome outcomeOf(Phase phase) {
        long undone = 0;
        for (PhaseReport each : phases) {
            if (!phase.within().contains(each.phase())) continue;
            undone += each.outcomes().stream().filter(o -> o.fate() != Fate.DONE).count();
        }
        return Outcome.cut("components not done", undone);
    }

    /// The SHA-256 of the JSON, in hex.
    String contentHash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(toJson().getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java has SHA-256", impossible);
        }
    }

    private static void writePage(ShutdownReport report, String indent, StringBuilder out) {
        line(out, indent, "stop of %s: %s", report.scope(), headline(report));
        line(
                out,
                indent,
                "  mode %s, because of %s; used %d ms of %d ms",
                report.mode(),
                report.reason(),
                report.used().toMillis(),
                report.budget().toMillis());
        for (PhaseReport phase : report.phases()) {
            line(
                    out,
                    indent,
                    "  %-8s %6d ms of %d ms%s",
                    phase.phase(),
                    phase.used().toMillis(),
                    phase.slice().toMillis(),
                    details(phase.outcomes()));
        }
        for (ComponentReport component : report.components()) {
            if (component.fate() == Fate.DONE) continue;
            line(
                    out,
                    indent,
                    "  %s: %s, %s",
                    lower(component.fate()),
                    component.component(),
                    component.detail());
            component.holders().forEach(holder -> line(out, indent, "    held by %s", holder));
        }
        report.durable().forEach((name, at) -> line(out, indent, "  durable: %s %s", name, at));
        report.remains().forEach(what -> line(out, indent, "  remains: %s", what));
        report.coincident().forEach(error -> line(out, indent, "  coincident: %s", error));
        for (ShutdownReport nested : report.nested()) writePage(nested, indent + "  ", out);
    }

    private static String headline(ShutdownReport report) {
        ExitCode code = report.exitCode();
        String soFar = "%s (exit code %d)".formatted(code.meaning(), code.code());
        return switch (report.ending()) {
            case STOPPED -> soFar;
            case UNDER_WAY -> "under way; so far " + soFar;
            case TAKEN_BACK -> "taken back, it serves again";
        };
    }

    private static String details(List<ComponentOutcome> outcomes) {
        StringBuilder out = new StringBuilder();
        for (ComponentOutcome outcome : outcomes) {
            if (outcome.fate() == Fate.DONE && outcome.detail().isEmpty()) continue;
            out.append(out.isEmpty() ? ": " : "; ").append(outcome.component());
            if (outcome.fate() != Fate.DONE) out.append(' ').append(lower(outcome.fate()));
            if (!outcome.detail().isEmpty()) out.append(' ').append(outcome.detail());
        }
        return out.toString();
    }

    private static String lower(Fate fate) {
        return fate.name().toLowerCase(Locale.ROOT);
    }

    private static void line(StringBuilder out, String indent, String format, Object... args) {
        out.append(indent).append(String.format(Locale.ROOT, format, args)).append('\n');
    }

    private static Json write(Json json, ShutdownReport report) {
        return json.object(() ->
                json.field("version", VERSION)
                        .field("scope", report.scope())
                        .field("ending", report.ending().name())
                        .field("exitCode", report.exitCode().code())
                        .field("exit", report.exitCode().meaning())
                        .field("mode", report.mode().name())
                        .field("reason", report.reason())
                        .field("budgetMillis", report.budget().toMillis())
                        .field("usedMillis", report.used().toMillis())
                        .list("phases", report.phases(), ShutdownReport::write)
                        .list("components", report.components(), ShutdownReport::write)
                        .map("durable", report.durable())
                        .texts("remains", report.remains())
                        .texts("coincident", report.coincident())
                        .list("nested", report.nested(), ShutdownReport::write));
    }

    private static void write(Json json, PhaseReport phase) {
        json.object(() ->
                json.field("phase", phase.phase().name())
                        .field("sliceMillis", phase.slice().toMillis())
                        .field("usedMillis", phase.used().toMillis())
                        .list("outcomes", phase.outcomes(), ShutdownReport::write));
    }

    private static void write(Json json, ComponentOutcome outcome) {
        json.object(() ->
                json.field("component", outcome.component())
                        .field("fate", outcome.fate().name())
                        .field("detail", outcome.detail()));
    }

    private static void write(Json json, ComponentReport component) {
        json.object(() ->
                json.field("component", component.component())
                        .field("fate", component.fate().name())
                        .field("detail", component.detail())
                        .texts("holders", component.holders()));
    }
}

package dev.holdfast.lifecycle;

import dev.holdfast.lifecycle.ShutdownReport.ComponentOutcome;
import dev.holdfast.lifecycle.ShutdownReport.ComponentReport;
import dev.holdfast.lifecycle.ShutdownReport.Fate;
import dev.holdfast.lifecycle.ShutdownReport.PhaseReport;
import dev.holdfast.lifecycle.text.Json;
import java.util.List;
import java.util.Locale;

/// The two written forms of a shutdown report: a page for people, JSON for machines.
final class ReportText {
    private ReportText() {}

    static String page(ShutdownReport report) {
        StringBuilder out = new StringBuilder();
        writePage(report, "", out);
        return out.toString();
    }

    private static void writePage(ShutdownReport report, String indent, StringBuilder out) {
        ExitCode code = report.exitCode();
        line(
                out,
                indent,
                "stop of %s: %s (exit code %d)",
                report.scope(),
                code.meaning(),
                code.code());
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

    static String json(ShutdownReport report) {
        return write(new Json(), report).toString();
    }

    private static Json write(Json json, ShutdownReport report) {
        return json.object(() ->
                json.field("scope", report.scope())
                        .field("exitCode", report.exitCode().code())
                        .field("exit", report.exitCode().meaning())
                        .field("mode", report.mode().name())
                        .field("reason", report.reason())
                        .field("budgetMillis", report.budget().toMillis())
                        .field("usedMillis", report.used().toMillis())
                        .list("phases", report.phases(), ReportText::write)
                        .list("components", report.components(), ReportText::write)
                        .map("durable", report.durable())
                        .texts("remains", report.remains())
                        .texts("coincident", report.coincident())
                        .list("nested", report.nested(), ReportText::write));
    }

    private static void write(Json json, PhaseReport phase) {
        json.object(() ->
                json.field("phase", phase.phase().name())
                        .field("sliceMillis", phase.slice().toMillis())
                        .field("usedMillis", phase.used().toMillis())
                        .list("outcomes", phase.outcomes(), ReportText::write));
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

package dev.holdfast.app.serve;

import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.ShutdownReport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What `/lifecycle` answers, and what `holdfast why-stuck` reads: how a server stands, why it does
/// not move, and how it and the run before it ended.
///
/// docs/operating/lifecycle.md names the fields.
record LifePage(Scope scope, PreviousRun previous) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// @param report of this run's stop, so far; null if none was asked for
    String json(String ready, @Nullable ShutdownReport report) {
        var page = (ObjectNode) JSON.readTree(scope.view().toJson());
        page.put("product", "holdfast");
        page.put("pid", ProcessHandle.current().pid());
        page.put("readiness", ready);
        page.setAll((ObjectNode) JSON.readTree(scope.whyStuck().toJson()));
        page.set("report", report == null ? JSON.nullNode() : JSON.readTree(report.toJson()));
        page.set("previous", JSON.readTree(previous.json()));
        return page.toString() + "\n";
    }

    /// One value of JSON; null if `text` is none.
    static @Nullable JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (tools.jackson.core.JacksonException damaged) {
            return null;
        }
    }
}

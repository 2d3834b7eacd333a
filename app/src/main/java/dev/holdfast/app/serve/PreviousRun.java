package dev.holdfast.app.serve;

import dev.holdfast.app.store.CleanStopFile;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.store.StopReportFile;
import dev.holdfast.redis.StopControl.LastStop;
import dev.holdfast.redis.StopControl.Proof;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How the run before this one ended, as far as it left word of it.
///
/// @param proof whether it left the proof of a clean stop
/// @param report the JSON of its report; null if it left none
record PreviousRun(Proof proof, @Nullable JsonNode report) {
    private static final System.Logger LOG = System.getLogger(PreviousRun.class.getName());
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// Reads, and takes away, what is left beside the database.
    static PreviousRun at(DatabaseLocation location) {
        if (!location.isLocal()) return new PreviousRun(Proof.NONE, null);
        try {
            boolean isClean = new CleanStopFile(location).isThere();
            String left = new StopReportFile(location).take();
            JsonNode report = left == null ? null : LifePage.parsed(left);
            return new PreviousRun(isClean ? Proof.CLEAN : Proof.NONE, report);
        } catch (IOException unreadable) {
            LOG.log(System.Logger.Level.WARNING, "last stop's report not read", unreadable);
            return new PreviousRun(Proof.NONE, null);
        }
    }

    /// Its end in figures; null if it left no word at all.
    @Nullable LastStop end() {
        if (report == null) return proof == Proof.NONE ? null : new LastStop(0, 0, proof);
        return new LastStop(
                report.path("exitCode").asInt(-1), report.path("usedMillis").asLong(0), proof);
    }

    String json() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("cleanMarker", proof == Proof.CLEAN ? "PRESENT" : "ABSENT");
        object.put("report", report);
        return JSON.writeValueAsString(object);
    }
}

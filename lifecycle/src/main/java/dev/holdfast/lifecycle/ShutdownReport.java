package dev.holdfast.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;

/// How a stop went: what was drained, what was cut, what remains, and who is to blame.
///
/// Immutable. Two stops of one scope share one report.
public record ShutdownReport(
        String scope,
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

    /// One readable page.
    public String toPage() {
        return ReportText.page(this);
    }

    /// The same as one line of JSON; docs/operating/stop.md names the fields.
    public String toJson() {
        return ReportText.json(this);
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
}

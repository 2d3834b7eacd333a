package dev.holdfast.lifecycle;

import dev.holdfast.lifecycle.ShutdownReport.ComponentOutcome;
import dev.holdfast.lifecycle.ShutdownReport.ComponentReport;
import dev.holdfast.lifecycle.ShutdownReport.Ending;
import dev.holdfast.lifecycle.ShutdownReport.Fate;
import dev.holdfast.lifecycle.ShutdownReport.PhaseReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What is known so far of how a stop goes. Thread-safe; a snapshot can be taken at any time.
///
/// Invariant: a component's fate only gets worse, and an abandoned one's is final, so that each has
/// exactly one in the end (LIFE-16).
final class ReportDraft {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<PhaseReport> phases = new ArrayList<>();
    private final Map<String, ComponentReport> components = new LinkedHashMap<>();
    private final SortedMap<String, String> durable = new TreeMap<>();
    private final List<String> remains = new ArrayList<>();
    private final List<ShutdownReport> nested = new ArrayList<>();
    private @Nullable ExitCode exitCode;
    private ExitCode worst = ExitCode.CLEAN;

    /// A started component, so far without fault.
    void enter(String component) {
        lock.lock();
        try {
            components.putIfAbsent(
                    component, new ComponentReport(component, Fate.DONE, "", List.of()));
        } finally {
            lock.unlock();
        }
    }

    /// Worsens a component's fate. `code` is what this alone would make of the exit code.
    void worsen(String component, Fate fate, String detail, List<String> holders, ExitCode code) {
        lock.lock();
        try {
            ComponentReport before = components.get(component);
            if (before == null || before.fate().ordinal() < fate.ordinal()) {
                components.put(
                        component,
                        new ComponentReport(component, fate, detail, List.copyOf(holders)));
            }
            worst = worse(worst, code);
        } finally {
            lock.unlock();
        }
    }

    Fate fateOf(String component) {
        lock.lock();
        try {
            ComponentReport report = components.get(component);
            return report == null ? Fate.DONE : report.fate();
        } finally {
            lock.unlock();
        }
    }

    void addPhase(PhaseReport report) {
        lock.lock();
        try {
            phases.add(report);
        } finally {
            lock.unlock();
        }
    }

    void durable(String name, String position) {
        lock.lock();
        try {
            durable.put(name, position);
        } finally {
            lock.unlock();
        }
    }

    void remains(String what, long count) {
        if (count == 0) return;
        lock.lock();
        try {
            remains.add(count + " " + what);
            worst = worse(worst, ExitCode.CUT_SHORT);
        } finally {
            lock.unlock();
        }
    }

    void addNested(ShutdownReport report) {
        lock.lock();
        try {
            nested.add(report);
            worst = worse(worst, report.exitCode());
        } finally {
            lock.unlock();
        }
    }

    /// Something went wrong that is no component's.
    void leaked() {
        lock.lock();
        try {
            worst = worse(worst, ExitCode.LEAKED);
        } finally {
            lock.unlock();
        }
    }

    /// The exit code, whatever else happened.
    void force(ExitCode code) {
        lock.lock();
        try {
            if (exitCode == null) exitCode = code;
        } finally {
            lock.unlock();
        }
    }

    ShutdownReport snapshot(Heading heading, Duration used, List<String> coincident) {
        lock.lock();
        try {
            ExitCode found = coincident.isEmpty() ? worst : worse(worst, ExitCode.LEAKED);
            return new ShutdownReport(
                    heading.scope(),
                    heading.ending(),
                    heading.mode(),
                    heading.reason(),
                    exitCode == null ? found : exitCode,
                    heading.budget(),
                    used,
                    List.copyOf(phases),
                    List.copyOf(components.values()),
                    Collections.unmodifiableSortedMap(new TreeMap<>(durable)),
                    List.copyOf(remains),
                    List.copyOf(coincident),
                    List.copyOf(nested));
        } finally {
            lock.unlock();
        }
    }

    /// What a report begins with.
    record Heading(String scope, Ending ending, Mode mode, String reason, Duration budget) {}

    static ComponentOutcome outcomeOf(String component, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done(String what, long count) ->
                    new ComponentOutcome(component, Fate.DONE, counted(what, count));
            case Outcome.Cut(String what, long count) ->
                    new ComponentOutcome(component, Fate.CUT, counted(what, count));
            case Outcome.Failed(String what, Throwable cause) ->
                    new ComponentOutcome(component, Fate.FAILED, what + ": " + cause);
        };
    }

    private static String counted(String what, long count) {
        return what.isEmpty() || count == 0 ? "" : count + " " + what;
    }

    private static ExitCode worse(ExitCode one, ExitCode other) {
        return one.ordinal() < other.ordinal() ? other : one;
    }
}

package dev.holdfast.lifecycle;

import dev.holdfast.lifecycle.ErrorVerdict.Severity;
import dev.holdfast.lifecycle.wait.Certainty;
import dev.holdfast.lifecycle.wait.StateWord;
import dev.holdfast.lifecycle.wait.StopException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The one place that judges the errors of a scope, and keeps those that coincide with its stop.
///
/// Invariants:
/// 1. EXPECTED_STOP only where the cause chain holds the stop exception of this scope in its
///    present epoch: corruption and foreign errors are never hidden by a stop (LIFE-5).
/// 2. Every coincident error, and every corruption met during a stop, is in the report (LIFE-6).
final class ErrorCourt {
    private static final System.Logger LOG = System.getLogger("dev.holdfast.lifecycle");
    private static final int KEPT_MAX = 100;
    private static final int CHAIN_MAX = 50;

    private final StateWord word;
    private final Predicate<Throwable> isCorruption;
    private final Function<Throwable, @Nullable Certainty> certainty;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<String> kept = new ArrayList<>(); // guarded by `lock`
    private long beyondKept; // guarded by `lock`

    ErrorCourt(
            StateWord word,
            Predicate<Throwable> isCorruption,
            Function<Throwable, @Nullable Certainty> certainty) {
        this.word = word;
        this.isCorruption = isCorruption;
        this.certainty = certainty;
    }

    ErrorVerdict judge(Throwable error) {
        ErrorVerdict verdict = new ErrorVerdict(severityOf(error), certaintyOf(error));
        if (verdict.severity() == Severity.CORRUPTION) {
            LOG.log(System.Logger.Level.ERROR, "corruption in scope=`" + word.name() + "`", error);
        }
        if (word.state().isStopping() && verdict.counts()) keep(error);
        return verdict;
    }

    private Severity severityOf(Throwable error) {
        boolean ofOwnStop = false;
        Throwable each = error;
        for (int i = 0; each != null && i < CHAIN_MAX; i++, each = each.getCause()) {
            if (isCorruption.test(each)) return Severity.CORRUPTION;
            ofOwnStop |= each instanceof StopException stop && stop.isOf(word);
        }
        if (ofOwnStop) return Severity.EXPECTED_STOP;
        return word.state().isStopping() ? Severity.COINCIDENT : Severity.REAL;
    }

    /// True if a stop of this scope is in the cause chain, be it one that was taken back since.
    boolean isByStop(Throwable error) {
        Throwable each = error;
        for (int i = 0; each != null && i < CHAIN_MAX; i++, each = each.getCause()) {
            if (isCorruption.test(each)) return false;
            if (each instanceof StopException stop && stop.isOfAnyEpochOf(word)) return true;
        }
        return false;
    }

    private Certainty certaintyOf(Throwable error) {
        Throwable each = error;
        for (int i = 0; each != null && i < CHAIN_MAX; i++, each = each.getCause()) {
            Certainty known = certainty.apply(each);
            if (known != null) return known;
            if (each instanceof StopException stop) return stop.certainty();
        }
        return Certainty.INDETERMINATE;
    }

    /// Keeps an error that coincides with the stop for the report.
    void keep(Throwable error) {
        lock.lock();
        try {
            if (kept.size() < KEPT_MAX) kept.add(String.valueOf(error));
            else beyondKept++;
        } finally {
            lock.unlock();
        }
    }

    List<String> coincident() {
        lock.lock();
        try {
            List<String> all = new ArrayList<>(kept);
            if (0 < beyondKept) all.add("and " + beyondKept + " more");
            return all;
        } finally {
            lock.unlock();
        }
    }
}

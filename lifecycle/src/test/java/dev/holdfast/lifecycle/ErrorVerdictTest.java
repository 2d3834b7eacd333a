package dev.holdfast.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.ErrorVerdict.Severity;
import dev.holdfast.lifecycle.wait.Certainty;
import dev.holdfast.lifecycle.wait.Level;
import dev.holdfast.lifecycle.wait.StopException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ErrorVerdictTest {
    private static final Duration BUDGET = Duration.ofSeconds(5);

    private static final class TornBlock extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final CopyOnWriteArrayList<String> journal = new CopyOnWriteArrayList<>();

    private Scope scope(Probe probe) throws Exception {
        Scope scope =
                Scope.builder("timeline", Env.system())
                        .corruption(TornBlock.class::isInstance)
                        .certainty(error ->
                                error instanceof UncheckedIOException ? Certainty.APPLIED : null)
                        .add(probe)
                        .build();
        scope.start();
        return scope;
    }

    private Probe draining(Probe.Stop stop) {
        return new Probe("receiver", journal).in(Phase.DRAIN).stopping(stop);
    }

    @Test
    @Tag("LIFE-4")
    @Tag("INC-1")
    void life4ShouldNotCountTheStopsOwnErrors() throws Exception {
        // given a record in flight that meets the stop
        Scope[] own = new Scope[1];
        ErrorVerdict[] verdict = new ErrorVerdict[1];
        own[0] =
                scope(
                        draining((_, context) -> {
                            StopException cut = cutBy(context);
                            verdict[0] = own[0].judge(new IllegalStateException("wrapped", cut));
                            return Outcome.done();
                        }));
        // when
        ShutdownReport report = own[0].stop(Mode.SMART, BUDGET, "test");
        // then
        assertEquals(new ErrorVerdict(Severity.EXPECTED_STOP, Certainty.NOT_APPLIED), verdict[0]);
        assertFalse(verdict[0].counts());
        assertEquals(ExitCode.CLEAN, report.exitCode());
    }

    private static StopException cutBy(StopContext context) {
        try {
            context.token().refuseAt(Level.DRAIN, "record refused");
        } catch (StopException cut) {
            return cut;
        }
        throw new AssertionError("the stop did not reach the token");
    }

    @Test
    @Tag("LIFE-5")
    @Tag("INC-1")
    void life5ShouldNeverDowngradeCorruption() throws Exception {
        // given corruption that is found while the stop cuts the work, with the stop as its cause
        Scope[] own = new Scope[1];
        ErrorVerdict[] verdict = new ErrorVerdict[1];
        own[0] =
                scope(
                        draining((_, context) -> {
                            var torn = new TornBlock();
                            torn.initCause(cutBy(context));
                            verdict[0] = own[0].judge(torn);
                            return Outcome.done();
                        }));
        // when
        ErrorVerdict before = own[0].judge(new IllegalStateException(new TornBlock()));
        ShutdownReport report = own[0].stop(Mode.SMART, BUDGET, "test");
        // then
        assertEquals(Severity.CORRUPTION, before.severity());
        assertEquals(Severity.CORRUPTION, verdict[0].severity());
        assertTrue(report.coincident().get(0).contains("TornBlock"), report.toPage());
    }

    @Test
    @Tag("LIFE-6")
    @Tag("LIFE-28")
    @Tag("INC-1")
    void life6ShouldReportEveryErrorThatCoincidesWithAStop() throws Exception {
        // given
        Scope[] own = new Scope[1];
        own[0] =
                scope(
                        draining((_, _) -> {
                            for (int i = 0; i < 3; i++) {
                                var error = new IllegalStateException("odd " + i);
                                assertEquals(Severity.COINCIDENT, own[0].judge(error).severity());
                            }
                            return Outcome.done();
                        }));
        assertEquals(Severity.REAL, own[0].judge(new IllegalStateException()).severity());
        // when
        ShutdownReport report = own[0].stop(Mode.SMART, BUDGET, "test");
        // then
        assertEquals(3, report.coincident().size(), report.toPage());
        assertEquals(ExitCode.LEAKED, report.exitCode());
    }

    @Test
    void shouldNotTakeTheStopOfAnotherScopeForItsOwn() throws Exception {
        Scope other = scope(new Probe("other", journal).in(Phase.RELEASE));
        Scope own = scope(new Probe("own", journal).in(Phase.RELEASE));
        other.stop(Mode.SMART, BUDGET, "test");
        StopException foreign = other.token().stopped(Certainty.NOT_APPLIED, "foreign");
        assertEquals(Severity.REAL, own.judge(foreign).severity());
    }

    @Test
    void shouldKnowWhatBecameOfTheWork() throws Exception {
        Scope own = scope(new Probe("own", journal).in(Phase.RELEASE));
        assertEquals(
                Certainty.APPLIED,
                own.judge(new UncheckedIOException(new java.io.IOException())).certainty());
        assertEquals(Certainty.INDETERMINATE, own.judge(new IllegalStateException()).certainty());
    }
}

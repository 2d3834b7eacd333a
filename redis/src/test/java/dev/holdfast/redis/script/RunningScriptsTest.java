package dev.holdfast.redis.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Env;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.script.RunningScripts.Kind;
import dev.holdfast.redis.script.RunningScripts.Run;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RunningScriptsTest {
    private static final int RACES = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RunningScripts scripts = new RunningScripts(Env.system(), () -> 0);

    @Test
    void aRunThatWasKilledWritesNothing() {
        try (Run run = scripts.begin(Kind.SCRIPT, "s", List.of())) {
            scripts.kill(Kind.SCRIPT);
            scripts.kill(Kind.SCRIPT);
            assertThrows(ScriptEnd.class, run::writes);
            assertThrows(ScriptEnd.class, run::breathe);
        }
    }

    @Test
    void aRunThatWritesIsNotKilled() {
        try (Run run = scripts.begin(Kind.SCRIPT, "s", List.of())) {
            run.writes();
            var told = assertThrows(RespError.class, () -> scripts.kill(Kind.SCRIPT));
            assertEquals("UNKILLABLE", told.text().split(" ")[0]);
            run.breathe();
        }
    }

    @Test
    void whoeverIsToldOfAKillHasKilled() throws InterruptedException {
        for (int race = 0; race < RACES; race++) {
            try (Run run = scripts.begin(Kind.SCRIPT, "s", List.of())) {
                var isKilled = new AtomicBoolean();
                Thread killer = Thread.startVirtualThread(() -> isKilled.set(isToldOk()));
                boolean hasWritten = hasWritten(run);
                killer.join(PATIENCE);
                assertEquals(hasWritten, !isKilled.get(), "race " + race);
            }
        }
    }

    private boolean isToldOk() {
        try {
            scripts.kill(Kind.SCRIPT);
            return true;
        } catch (RespError unkillable) {
            return false;
        }
    }

    private static boolean hasWritten(Run run) {
        try {
            run.writes();
            return true;
        } catch (ScriptEnd killed) {
            return false;
        }
    }
}

package dev.holdfast.lifecycle.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StateWordTest {
    private static final int ROUNDS = 300;

    private final ConcurrentSkipListSet<String> faults = new ConcurrentSkipListSet<>();

    /// Runs `observer` over and over on two threads while `writer` runs once.
    private static void race(Runnable writer, Runnable observer) throws InterruptedException {
        var isOver = new AtomicBoolean();
        List<Thread> observers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            observers.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                while (!isOver.get()) observer.run();
                                observer.run();
                            }));
        }
        writer.run();
        isOver.set(true);
        for (Thread each : observers) each.join();
    }

    @Test
    @Tag("LIFE-1")
    @Tag("INC-1")
    void life1ShouldNeverShowAStoppingStateBesideATokenThatSaysGoOn() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var word = new StateWord("scope", Env.system());
            Token token = word.token();
            Token ofComponent = word.nest("component").token();
            race(
                    () -> {
                        word.advance(State.RUNNING, Level.NONE);
                        word.advance(State.DRAINING, Level.NONE);
                        word.advance(State.STOPPED, Level.NONE);
                    },
                    () -> {
                        if (!word.state().isStopping()) return;
                        if (token.level() == Level.NONE) faults.add("own token");
                        if (ofComponent.level() == Level.NONE) faults.add("nested token");
                    });
        }
        assertEquals("[]", faults.toString());
    }

    @Test
    @Tag("LIFE-2")
    void life2ShouldShowSiblingsTheSameLevelOfTheirParent() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var word = new StateWord("scope", Env.system());
            Token left = word.nest("left").token();
            Token right = word.nest("right").token();
            race(
                    () -> {
                        word.advance(State.DRAINING, Level.DRAIN);
                        word.advance(State.DRAINING, Level.ABORT);
                    },
                    () -> {
                        Level seen = left.level();
                        if (!right.level().isAtLeast(seen)) faults.add("right is behind left");
                    });
        }
        assertEquals("[]", faults.toString());
    }

    @Test
    @Tag("LIFE-3")
    void life3ShouldNeverLowerALevelWithinAnEpoch() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var word = new StateWord("scope", Env.system());
            Token token = word.token();
            var highest = new ThreadLocal<Level>();
            race(
                    () -> {
                        word.advance(State.DRAINING, Level.NONE);
                        word.resume();
                        word.advance(State.DRAINING, Level.ABORT);
                        word.advance(State.RUNNING, Level.NONE);
                    },
                    () -> {
                        Level before = highest.get();
                        Level now = token.level();
                        if (before != null && !now.isAtLeast(before))
                            faults.add(before + ">" + now);
                        highest.set(now);
                    });
            assertEquals(Level.ABORT, token.level());
        }
        assertEquals("[]", faults.toString());
    }

    @Test
    void shouldKeepOldTokensCancelledAfterAResume() {
        // given
        var word = new StateWord("scope", Env.system());
        StateWord nested = word.nest("component");
        word.advance(State.RUNNING, Level.NONE);
        Token old = nested.token();
        word.advance(State.DRAINING, Level.DRAIN);
        nested.advance(State.DRAINING, Level.DRAIN);
        // when
        boolean resumed = word.resume();
        // then
        assertTrue(resumed);
        assertEquals(Level.DRAIN, old.level());
        assertEquals(Level.NONE, nested.token().level());
        assertEquals(Level.NONE, old.renewed().level());
        assertEquals(State.RUNNING, nested.state());
    }

    @Test
    void shouldRefuseAResumeOnceQuiescing() {
        var word = new StateWord("scope", Env.system());
        word.advance(State.QUIESCING, Level.DRAIN);
        assertFalse(word.resume());
        assertEquals(State.QUIESCING, word.state());
    }

    @Test
    void shouldTakeTheHigherLevelOfLinkedTokens() {
        var request = new StateWord("request", Env.system());
        var timeline = new StateWord("timeline", Env.system());
        Token both = request.token().linkedWith(timeline.token());
        assertEquals(Level.NONE, both.level());
        timeline.advance(State.DRAINING, Level.NONE);
        assertEquals(Level.DRAIN, both.level());
        request.advance(State.DRAINING, Level.ABORT);
        assertEquals(Level.ABORT, both.level());
    }

    @Test
    void shouldReadOuterLevelsOnceNestedWhileRunning() {
        var server = new StateWord("server", Env.system());
        var db = new StateWord("db", Env.system());
        db.advance(State.RUNNING, Level.NONE);
        Token before = db.token();
        db.nestIn(server);
        server.advance(State.DRAINING, Level.NONE);
        assertEquals(Level.DRAIN, before.level());
        assertEquals(State.RUNNING, db.state());
    }
}

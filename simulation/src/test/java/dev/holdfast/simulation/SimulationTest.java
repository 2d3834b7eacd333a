package dev.holdfast.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.gate.Mailbox;
import dev.holdfast.lifecycle.wait.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SimulationTest {
    private static final Duration HOUR = Duration.ofHours(1);

    /// Producers and consumers over a mailbox, with sleeps.
    private static long run(long seed) {
        var simulation = new Simulation(seed);
        Env env = simulation.node("one").env();
        Token token = Token.standalone(env);
        var mailbox = new Mailbox<Integer>("work", 3, "producers", "consumers");
        for (int i = 0; i < 5; i++) {
            int own = i;
            env.start("producer " + i, () -> produce(own, mailbox, env, token));
        }
        env.start("consumer", () -> consume(simulation, mailbox, env, token));
        simulation.run(HOUR);
        return simulation.hash();
    }

    private static void produce(int own, Mailbox<Integer> mailbox, Env env, Token token) {
        try {
            for (int i = 0; i < 20; i++) {
                env.sleep(Duration.ofMillis(Long.remainderUnsigned(env.randomLong(), 50)));
                mailbox.put(own * 100 + i, Deadline.after(env, Duration.ofMinutes(1)), token);
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static void consume(
            Simulation simulation, Mailbox<Integer> mailbox, Env env, Token token) {
        try {
            for (int i = 0; i < 100; i++) {
                Integer next = mailbox.take(Deadline.after(env, Duration.ofMinutes(1)), token);
                simulation.trace("took " + next);
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void shouldRepeatARunExactlyAndVaryWithTheSeed() {
        for (long seed = 0; seed < 20; seed++) assertEquals(run(seed), run(seed), "seed=" + seed);
        assertNotEquals(run(1), run(2));
    }

    @Test
    void shouldPassAnHourWithoutWaiting() {
        var simulation = new Simulation(7);
        Env env = simulation.world();
        List<Long> woken = new ArrayList<>();
        env.start("sleeper", () -> sleepAnHour(env, woken));
        long from = System.nanoTime();
        simulation.run(HOUR.multipliedBy(2));
        assertTrue(System.nanoTime() - from < Duration.ofSeconds(10).toNanos());
        assertEquals(1, woken.size());
        assertTrue(HOUR.toNanos() <= woken.get(0));
    }

    private static void sleepAnHour(Env env, List<Long> woken) {
        try {
            env.sleep(HOUR);
            woken.add(env.nanoTime());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void shouldNeverRunAKilledNodeAgain() {
        var simulation = new Simulation(7);
        Node victim = simulation.node("victim");
        List<String> journal = new ArrayList<>();
        victim.env()
                .start(
                        "worker",
                        () -> {
                            try {
                                sleepAnHour(victim.env(), new ArrayList<>());
                            } finally {
                                journal.add("finally");
                            }
                        });
        simulation
                .world()
                .start(
                        "killer",
                        () -> {
                            LockSupport.parkNanos(1_000_000);
                            victim.kill();
                        });
        simulation.run(HOUR.multipliedBy(2));
        assertEquals(List.of(), journal);
    }

    @Test
    void shouldHoldAPausedNodeUntilItIsResumed() {
        var simulation = new Simulation(7);
        Node node = simulation.node("paused");
        List<Long> woken = new ArrayList<>();
        node.env().start("sleeper", () -> sleepAnHour(node.env(), woken));
        simulation
                .world()
                .start(
                        "director",
                        () -> {
                            node.pause();
                            sleepAnHour(simulation.world(), new ArrayList<>());
                            sleepAnHour(simulation.world(), new ArrayList<>());
                            node.resume();
                        });
        simulation.run(HOUR.multipliedBy(4));
        assertTrue(HOUR.multipliedBy(2).toNanos() <= woken.get(0));
    }

    @Test
    void shouldFailARunInWhichSomeoneWaitsForNobody() {
        var simulation = new Simulation(7);
        simulation.world().start("forgotten", LockSupport::park);
        var failure = assertThrows(AssertionError.class, () -> simulation.run(HOUR));
        assertTrue(failure.getMessage().contains("forgotten"), failure.getMessage());
    }
}

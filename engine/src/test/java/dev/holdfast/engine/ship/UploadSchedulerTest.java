package dev.holdfast.engine.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.ship.Shipment.Kind;
import dev.holdfast.engine.ship.Upload.State;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.lifecycle.ShutdownReport;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The scheduler on real threads and real time, without a store.
@Timeout(60)
class UploadSchedulerTest {
    private final Env env = Env.system();
    private final UploadScheduler uploads = new UploadScheduler(env);
    private final Token token = Token.standalone(env);
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch never = new CountDownLatch(1);
    private Scope scope;

    /// What every component of a database requires.
    private static final class Store implements Component {
        @Override
        public String name() {
            return "store";
        }

        @Override
        public Set<Phase> phases() {
            return Set.of();
        }

        @Override
        public void start(StartContext context) {}

        @Override
        public Outcome stop(Phase phase, StopContext context) {
            return Outcome.done();
        }
    }

    @BeforeEach
    void start() throws Exception {
        scope = Scope.builder("test", env).add(new Store()).add(uploads).build();
        scope.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        never.countDown();
        scope.stop(Mode.FAST, Duration.ofSeconds(5), "the test is over");
    }

    private Deadline soon() {
        return Deadline.after(env, Duration.ofSeconds(60));
    }

    private Shipment noting(Kind kind, String name) {
        return Shipment.of(kind, name, 1, _ -> done.add(name));
    }

    private Shipment hanging(Kind kind, String name) {
        return Shipment.of(
                kind,
                name,
                1,
                _ -> {
                    if (!never.await(60, TimeUnit.SECONDS)) throw new AssertionError("hangs");
                });
    }

    @Test
    void shouldEndAManifestOnlyAfterEveryTableThatItNames() throws Exception {
        var gate = new CountDownLatch(1);
        Upload slow =
                uploads.submit(
                        Shipment.of(
                                Kind.TABLE,
                                "slow",
                                1,
                                _ -> {
                                    assertTrue(gate.await(10, TimeUnit.SECONDS));
                                    done.add("slow");
                                }));
        Upload quick = uploads.submit(noting(Kind.TABLE, "quick"));
        Upload manifest =
                uploads.submit(noting(Kind.MANIFEST, "manifest").after(List.of(slow, quick)));
        quick.await(soon(), token);
        assertEquals(State.BLOCKED, manifest.state());
        assertEquals(List.of("slow"), uploads.report().tasks().getLast().blockedBy());

        gate.countDown();
        manifest.await(soon(), token);

        assertEquals(List.of("quick", "slow", "manifest"), done);
        assertEquals(0, uploads.report().count());
    }

    @Test
    void shouldDelayOnlyWhatNeedsAnUploadThatIsStuck() throws Exception {
        Upload stuck = uploads.submit(hanging(Kind.TABLE, "stuck"));
        Upload blocked = uploads.submit(noting(Kind.MANIFEST, "blocked").after(List.of(stuck)));

        for (int i = 0; i < 100; i++)
            uploads.submit(noting(Kind.TABLE, "table " + i)).await(soon(), token);
        uploads.submit(noting(Kind.WAL, "log")).await(soon(), token);

        assertEquals(State.RUNNING, stuck.state());
        assertEquals(State.BLOCKED, blocked.state());
    }

    @Test
    void shouldTryAgainUntilTheStoreAnswers() throws Exception {
        var attempts = new AtomicInteger();
        Upload upload =
                uploads.submit(
                        Shipment.of(
                                Kind.TABLE,
                                "table",
                                1,
                                _ -> {
                                    if (attempts.incrementAndGet() < 4)
                                        throw new ObjectStoreException.Unavailable("busy", null);
                                }));

        upload.await(soon(), token);

        assertEquals(4, upload.attempts());
        assertEquals(3, uploads.report().attempts().failures());
    }

    @Test
    void shouldFailWhatNeedsWhatHasFailed() throws Exception {
        Upload broken =
                uploads.submit(
                        Shipment.of(
                                Kind.TABLE,
                                "broken",
                                1,
                                _ -> {
                                    throw new IllegalStateException("planted");
                                }));
        Upload manifest = uploads.submit(noting(Kind.MANIFEST, "manifest").after(List.of(broken)));

        assertEquals(State.FAILED, manifest.awaitEnd(soon(), token));
        assertThrows(Unavailable.class, () -> broken.await(soon(), token));
        Upload late = uploads.submit(noting(Kind.MANIFEST, "late").after(List.of(broken)));
        assertThrows(Unavailable.class, () -> late.await(soon(), token));
        assertEquals(List.of(), done);
    }

    @Test
    void shouldTellWhoWaitsAtOnceWhenTheStoreRefuses() throws Exception {
        uploads.submit(hanging(Kind.TABLE, "hanging"));
        Upload refused =
                uploads.submit(
                        Shipment.of(
                                Kind.TABLE,
                                "refused",
                                1,
                                _ -> {
                                    throw new ObjectStoreException.Refused("no such bucket", null);
                                }));
        long before = System.nanoTime();

        Unavailable told = assertThrows(Unavailable.class, () -> refused.await(soon(), token));

        assertTrue(System.nanoTime() - before < 30_000_000_000L);
        assertEquals("no such bucket", told.getCause().getMessage());
        assertEquals("no such bucket", uploads.report().parkedWhy());
        Upload behind = uploads.submit(noting(Kind.TABLE, "behind"));
        assertThrows(Unavailable.class, () -> behind.await(soon(), token));
    }

    @Test
    void shouldNameWhatIsLeftWhenStoppedInHaste() throws Exception {
        Upload stuck = uploads.submit(hanging(Kind.TABLE, "stuck"));
        Upload manifest = uploads.submit(noting(Kind.MANIFEST, "manifest").after(List.of(stuck)));
        long before = System.nanoTime();

        ShutdownReport report = scope.stop(Mode.FAST, Duration.ofSeconds(60), "test");

        assertTrue(System.nanoTime() - before < 30_000_000_000L);
        assertTrue(report.toJson().contains("2 uploads"), report.toJson());
        assertTrue(report.toJson().contains("MANIFEST manifest: BLOCKED"), report.toJson());
        assertEquals(State.CANCELLED, stuck.state());
        assertEquals(State.CANCELLED, manifest.state());
        assertThrows(Closed.class, () -> uploads.submit(noting(Kind.TABLE, "late")));
    }

    @Test
    void shouldSayByItselfThatNothingWillSetAnUploadGoing() throws Exception {
        Upload orphan = new UploadScheduler(env).submit(noting(Kind.TABLE, "nobody carries it"));

        Upload stuck = uploads.submit(noting(Kind.MANIFEST, "stuck").after(List.of(orphan)));

        Deadline end = soon();
        while (uploads.report().stalls() == 0 && !end.isExpired())
            stuck.awaitEnd(Deadline.after(env, Duration.ofMillis(10)), token);
        assertEquals(1, uploads.report().stalls());
        assertEquals(List.of("nobody carries it"), uploads.report().tasks().getFirst().blockedBy());
    }

    @Test
    void shouldTryAgainWhatAnInterruptCutAndGoOnServing() throws Exception {
        var attempts = new AtomicInteger();
        Upload cut =
                uploads.submit(
                        Shipment.of(
                                Kind.TABLE,
                                "cut",
                                1,
                                _ -> {
                                    if (attempts.incrementAndGet() == 1)
                                        throw new InterruptedException("planted");
                                }));

        cut.await(soon(), token);

        assertEquals(2, cut.attempts());
        for (int i = 0; i < 30; i++)
            uploads.submit(noting(Kind.TABLE, "table " + i)).await(soon(), token);
    }

    @Test
    void shouldLeaveEverythingAsItWasWhenAWaiterIsInterrupted() throws Exception {
        Upload stuck = uploads.submit(hanging(Kind.TABLE, "stuck"));
        var ended = new CountDownLatch(1);
        Thread waiter =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                stuck.await(soon(), token);
                            } catch (InterruptedException expected) {
                                ended.countDown();
                            }
                        });

        waiter.interrupt();

        assertTrue(ended.await(10, TimeUnit.SECONDS));
        never.countDown();
        stuck.await(soon(), token);
        assertEquals(1, stuck.attempts());
        assertEquals(0, uploads.report().count());
    }

    @Test
    void shouldCarryOnToTheEndWhenStoppedInOrder() throws Exception {
        Upload table = uploads.submit(noting(Kind.TABLE, "table"));
        Upload manifest = uploads.submit(noting(Kind.MANIFEST, "manifest").after(List.of(table)));

        scope.stop(Mode.SMART, Duration.ofSeconds(60), "test");

        assertEquals(State.DONE, manifest.state());
    }
}

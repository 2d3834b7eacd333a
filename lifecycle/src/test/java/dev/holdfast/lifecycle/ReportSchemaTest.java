package dev.holdfast.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.ShutdownReport.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real reports against the schema that operators are given.
@Timeout(30)
class ReportSchemaTest {
    private static final Path SCHEMA = Path.of("../docs/operating/shutdown-report.schema.json");
    private static final Duration SHORT = Duration.ofMillis(600);
    private static final Duration BUDGET = Duration.ofSeconds(10);

    private final CopyOnWriteArrayList<String> journal = new CopyOnWriteArrayList<>();

    private static List<Error> faultsOf(String json) throws IOException {
        SchemaRegistry registry =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        Schema schema = registry.getSchema(Files.readString(SCHEMA, UTF_8));
        return schema.validate(json, InputFormat.JSON);
    }

    private static void assertFits(ShutdownReport report) throws IOException {
        assertEquals(List.of(), faultsOf(report.toJson()), report.toJson());
    }

    private Probe probe(String name) {
        return new Probe(name, journal);
    }

    private static Scope started(Component... components) throws Exception {
        ScopeBuilder builder = Scope.builder("test", Env.system());
        for (Component component : components) builder.add(component);
        Scope scope = builder.build();
        scope.start();
        return scope;
    }

    @Test
    void shouldFitWhenClean() throws Exception {
        Scope db = Scope.builder("db", Env.system()).add(probe("wal")).build();
        Scope scope =
                Scope.builder("say \"hi\"\n\u0000", Env.system())
                        .nest(db, Set.of(), Set.of())
                        .build();
        scope.start();
        ShutdownReport report = scope.stop(Mode.SMART, BUDGET, "test");
        assertEquals(ExitCode.CLEAN, report.exitCode());
        assertEquals(1, report.nested().size());
        assertFits(report);
    }

    @Test
    void shouldFitWhenAComponentIsAbandoned() throws Exception {
        Scope scope =
                started(
                        probe("disk").in(Phase.RELEASE),
                        probe("deaf")
                                .requires("disk")
                                .stopping((_, _) -> {
                                    while (!journal.contains("let go"))
                                        LockSupport.parkNanos(1_000_000);
                                    return Outcome.done();
                                }));
        ShutdownReport report = scope.stop(Mode.SMART, SHORT, "test");
        journal.add("let go");
        assertEquals(ExitCode.NOT_PERSISTED, report.exitCode());
        assertFits(report);
    }

    @Test
    void shouldFitWhenSomethingRemainsOrCoincides() throws Exception {
        Scope[] own = new Scope[1];
        own[0] =
                started(
                        probe("wal")
                                .in(Phase.PERSIST)
                                .stopping((_, context) -> {
                                    context.durable("wal", "7");
                                    context.remains("segments to upload", 2);
                                    own[0].judge(new IOException("reset"));
                                    return Outcome.cut("commits", 3);
                                }));
        ShutdownReport report = own[0].stop(Mode.FAST, BUDGET, "test");
        assertEquals(1, report.remains().size());
        assertEquals(1, report.coincident().size());
        assertFits(report);
    }

    @Test
    void shouldFitWhileUnderWayAndWhenTakenBack() throws Exception {
        // given
        var draining = new CountDownLatch(1);
        Scope scope =
                started(
                        probe("clients")
                                .in(Phase.DRAIN)
                                .stopping((_, context) -> {
                                    draining.countDown();
                                    context.token().pause(BUDGET);
                                    return Outcome.cut("clients", 2);
                                }));
        var stopped = new CompletableFuture<ShutdownReport>();
        Env.system()
                .start(
                        "stop",
                        () -> {
                            try {
                                stopped.complete(scope.stop(Mode.SMART, BUDGET, "test"));
                            } catch (InterruptedException cut) {
                                stopped.completeExceptionally(cut);
                            }
                        });
        draining.await(10, TimeUnit.SECONDS);
        // when
        ShutdownReport underWay = scope.reportSoFar();
        scope.resume("test");
        ShutdownReport takenBack = stopped.get(10, TimeUnit.SECONDS);
        // then
        assertEquals(Ending.UNDER_WAY, underWay.ending());
        assertFits(underWay);
        assertEquals(Ending.TAKEN_BACK, takenBack.ending());
        assertFits(takenBack);
    }

    @Test
    void shouldFitWhenImmediateOrTheStartFailed() throws Exception {
        assertFits(started(probe("any")).stop(Mode.IMMEDIATE, BUDGET, "test"));
        try {
            started(
                    probe("broken")
                            .starting(_ -> {
                                throw new IOException("no port");
                            }));
        } catch (StartException failed) {
            assertEquals(ExitCode.START_FAILED, failed.exitCode());
            assertFits(failed.report());
        }
    }

    @Test
    void shouldNotFitWhenAFieldIsWrong() throws Exception {
        String good = started(probe("any")).stop(Mode.SMART, BUDGET, "test").toJson();
        assertEquals(List.of(), faultsOf(good));
        assertFalse(faultsOf(good.replace("\"version\":1", "\"version\":2")).isEmpty());
        assertFalse(faultsOf(good.replace("\"usedMillis\"", "\"used\"")).isEmpty());
        assertFalse(faultsOf(good.replace("\"remains\":[]", "\"remains\":[\"3 x\"]")).isEmpty());
        assertFalse(faultsOf(good.replace("DONE", "FINE")).isEmpty());
    }
}

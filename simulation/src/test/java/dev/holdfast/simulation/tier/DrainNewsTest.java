package dev.holdfast.simulation.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Env;
import dev.holdfast.engine.ship.DrainNews;
import dev.holdfast.engine.ship.Shipment;
import dev.holdfast.engine.ship.Shipment.Kind;
import dev.holdfast.engine.ship.UploadScheduler;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.lifecycle.Scope;
import dev.holdfast.simulation.tier.StuckUploadTest.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a stop in order says while it waits for the store.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SAME_THREAD) // the one that made the world
class DrainNewsTest {
    private static final int TABLES = 60;
    private static final long TABLE_BYTES = 1000;
    private static final Duration BUDGET = Duration.ofMinutes(5);
    private static final Pattern BYTES = Pattern.compile("bytes done=`(\\d+)` of `(\\d+)`");

    private final LocalMachine machine = new LocalMachine(0);
    private final Env env = machine.env();
    private final UploadScheduler uploads = new UploadScheduler(env);
    private final AtomicLong left = new AtomicLong(TABLES * TABLE_BYTES);
    private final List<String> told = new ArrayList<>();
    private final Scope scope =
            Scope.builder("test", env)
                    .add(new Store())
                    .add(uploads)
                    .add(new DrainNews(env, uploads, left::get, told::add))
                    .build();

    // Eight of them go at once: all take sixteen seconds.
    private Shipment table(int number) {
        return Shipment.of(
                Kind.TABLE,
                "table " + number,
                TABLE_BYTES,
                _ -> {
                    env.sleep(Duration.ofSeconds(2));
                    left.addAndGet(-TABLE_BYTES);
                });
    }

    @Test
    void shouldTellEveryTwoSecondsHowFarADrainIs() {
        machine.tell(() -> {
            StuckUploadTest.start(scope);
            for (int i = 0; i < TABLES; i++) uploads.submit(table(i));
            scope.stop(Mode.SMART, BUDGET, "test");
        });
        assertTrue(6 <= told.size() && told.size() <= 9, told.toString());
        long done = 0;
        for (String line : told) {
            Matcher bytes = BYTES.matcher(line);
            assertTrue(bytes.find(), line);
            assertTrue(done <= Long.parseLong(bytes.group(1)), told.toString());
            done = Long.parseLong(bytes.group(1));
            assertEquals(TABLES * TABLE_BYTES, Long.parseLong(bytes.group(2)), line);
        }
        assertTrue(0 < done, told.toString());
        assertTrue(told.getLast().matches(".*uploads waiting=`\\d+`, done=`\\d+`, eta=`PT.*`"));
    }

    @Test
    void shouldTellThatAStoreRefuses() {
        Shipment refused =
                Shipment.of(
                        Kind.TABLE,
                        "refused",
                        TABLE_BYTES,
                        _ -> {
                            throw new dev.holdfast.objectstore.api.ObjectStoreException.Refused(
                                    "no such bucket", null);
                        });
        machine.tell(() -> {
            StuckUploadTest.start(scope);
            uploads.submit(refused);
            scope.stop(Mode.SMART, Duration.ofSeconds(20), "test");
        });
        assertTrue(told.getLast().contains("eta=`unknown`, refused=`no such bucket`"), "" + told);
    }

    @Test
    void shouldSayNothingWhereThereIsNothingToWaitFor() {
        left.set(0);
        machine.tell(() -> {
            StuckUploadTest.start(scope);
            env.sleep(Duration.ofHours(1));
            scope.stop(Mode.SMART, BUDGET, "test");
        });
        assertEquals(List.of(), told);
    }
}

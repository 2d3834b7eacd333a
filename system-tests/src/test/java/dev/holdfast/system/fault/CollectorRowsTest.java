package dev.holdfast.system.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.s3.twin.Call.Operation;
import dev.holdfast.s3.twin.Twist;
import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.Tools;
import dev.holdfast.system.process.WallClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real `holdfast gc` on a bucket: with a wrong clock, and beside databases whose names begin
/// alike.
class CollectorRowsTest {
    private static final int TABLES = 3;
    private static final int KEYS = 60;
    private static final String PROBE = ".holdfast-probe-"; // of the collector itself
    private static final Duration MIN_AGE = Duration.ofHours(1);

    @TempDir Path folder;

    @Test
    @Tag("GC-03")
    void shouldRemoveNothingYoungAndNothingReferencedWhenItsClockIsWrong() throws Exception {
        WallClock clock = WallClock.assume(folder);
        try (Bucket bucket = new Bucket()) {
            // given: garbage, all of it younger than the least age
            TreeMap<Bytes, Bytes> model = bucket.fill("db", TABLES, KEYS);
            bucket.compact("db");
            bucket.touch("db");
            Set<String> before = bucket.names("");
            Conditions skewed = clock.under(Conditions.ofVerbs());
            for (int ages : List.of(2, -2)) {
                // when
                clock.shift(MIN_AGE.multipliedBy(ages));
                gc(skewed, bucket, "db", MIN_AGE);
                // then: but for a word on the store's time
                Set<String> after = bucket.names("");
                assertTrue(after.containsAll(before), "at " + ages + ": " + before + after);
                assertEquals(model, bucket.contents("db"));
            }
            // when: garbage that is old, and a clock that is twice its age behind
            pause();
            bucket.touch("db");
            clock.shift(Duration.ofSeconds(2));
            gc(skewed, bucket, "db", Duration.ofSeconds(1));
            // then
            assertTrue(bucket.names("db/").size() < before.size(), "nothing was collected");
            assertEquals(List.of(), bucket.fsck("db").problems());
            assertEquals(model, bucket.contents("db"));
        }
    }

    @Test
    @Tag("GC-05")
    void shouldTouchNoOtherDatabaseWhoseNameBeginsAlike() throws Exception {
        try (Bucket bucket = new Bucket()) {
            // given: garbage in each
            Map<String, TreeMap<Bytes, Bytes>> models = new TreeMap<>();
            for (String path : List.of("db1", "db10", "db1/inner", "db", "a", "a/b")) {
                models.put(path, bucket.fill(path, TABLES, KEYS));
                bucket.compact(path);
            }
            pause();
            for (String path : models.keySet()) bucket.touch(path);
            for (String path : List.of("db1", "a")) {
                Set<String> deleted = ConcurrentHashMap.newKeySet();
                bucket.twin()
                        .follow(call -> {
                            if (call.operation() == Operation.DELETE) deleted.add(call.key());
                            return new Twist.None();
                        });
                // when
                gc(Conditions.ofVerbs(), bucket, path, Duration.ofSeconds(1));
                // then
                assertTrue(0 < deleted.size(), "nothing was collected: " + path);
                String own = "all/" + path + "/(wal|manifest|compactions|compacted|gc)/[^/]+";
                List<String> others =
                        deleted.stream()
                                .filter(key -> !key.matches(own) && !key.contains("/" + PROBE))
                                .sorted()
                                .toList();
                assertEquals(List.of(), others, path);
            }
            models.forEach((path, model) -> {
                assertEquals(List.of(), bucket.fsck(path).problems(), path);
                assertEquals(model, bucket.contents(path), path);
            });
        }
    }

    private void gc(Conditions conditions, Bucket bucket, String path, Duration minAge) {
        var ended =
                conditions.run(
                        folder,
                        "gc",
                        "--data",
                        bucket.url(),
                        "--path",
                        path,
                        "--min-age",
                        minAge.toSeconds() + "s");
        assertEquals(0, ended.code(), ended.err());
    }

    private void pause() {
        Tools.run(folder, List.of("sleep", "2"));
    }
}

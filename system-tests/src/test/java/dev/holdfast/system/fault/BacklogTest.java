package dev.holdfast.system.fault;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.system.process.Passage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A bucket behind a real way that swallows everything, until as much waits on the local disk as
/// may.
@Timeout(120)
class BacklogTest {
    private static final int LIMIT = 256 << 10;
    private static final int VALUE_BYTES = 4 << 10;
    private static final long LOOK_NANOS = 5_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Settings SETTINGS =
            Settings.defaults().but().untended().writeTimeout(PATIENCE).build();

    @TempDir private Path folder;

    @Test
    @Tag("LOC-11")
    void shouldHoldWritersUpAtTheLimitAndDrainInOrderOnceTheBucketIsBack() {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "testsecret");
        try (S3Twin bucket = S3Twin.start();
                Passage way = Passage.to(bucket.endpoint())) {
            String url =
                    "s3://bucket?attempt-timeout=1s&total-timeout=2s&endpoint=" + way.endpoint();
            try (ObjectStore store = ObjectStores.open(url, Env.system());
                    HoldfastDb db = open(store)) {
                db.write(row(0), Durability.REMOTE);
                way.swallow();
                // when
                int written = writeUntilRefused(db);
                // then
                assertTrue(exposed(db) < LIMIT + 2 * VALUE_BYTES, "exposed " + exposed(db));
                for (int i = 0; i < written; i++) assertNotNull(db.get(key(i)), "row " + i);
                way.heal();
                long remote = 0;
                long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
                while (remote < written) {
                    assertTrue(System.nanoTime() < until, "remote " + remote + " of " + written);
                    long now = db.watermarks().remote();
                    assertTrue(remote <= now, remote + ", then " + now);
                    if (remote < now) requireWhole(bucket, (int) now);
                    remote = now;
                    LockSupport.parkNanos(LOOK_NANOS);
                }
                db.write(row(written), Durability.LOCAL);
                db.flush();
                requireWhole(bucket, written + 1);
            }
        }
    }

    private HoldfastDb open(ObjectStore store) {
        var local =
                LocalSettings.in(folder.resolve("local"))
                        .withSegmentSize(ByteSize.mebibytes(1))
                        .withCacheSize(ByteSize.bytes(0))
                        .withUnshippedMax(ByteSize.bytes(LIMIT), Duration.ZERO);
        return Engine.builder(store, "db").settings(SETTINGS).local(local).open();
    }

    private static int writeUntilRefused(HoldfastDb db) {
        var written = new int[] {1};
        long begun = System.nanoTime();
        Unavailable refused =
                assertThrows(
                        Unavailable.class,
                        () -> {
                            for (; written[0] < 10_000; written[0]++)
                                db.write(row(written[0]), Durability.LOCAL);
                        });
        assertTrue(refused.getMessage().startsWith("backpressure"), refused.getMessage());
        assertTrue(System.nanoTime() - begun < Duration.ofSeconds(60).toNanos());
        return written[0];
    }

    private static long exposed(HoldfastDb db) {
        LocalStatus status = db.local();
        if (status == null) throw new AssertionError("no local log");
        return status.exposure().bytes();
    }

    // The bucket alone has the first `count` rows at least, and no hole.
    private static void requireWhole(S3Twin bucket, int count) {
        try (ObjectStore store = ObjectStores.open(bucket.url("bucket"), Env.system());
                DbReader reader = Engine.openReader(store, "db")) {
            int found = 0;
            while (reader.get(key(found)) != null) found++;
            assertTrue(count <= found, count + " reported, found " + found);
            assertTrue(found <= reader.status().seq(), "a hole behind " + found);
        }
    }

    private static WriteBatch row(int number) {
        return new WriteBatch().put(key(number), Bytes.wrap(new byte[VALUE_BYTES]));
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key %06d".formatted(number));
    }
}

package dev.holdfast.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.s3.twin.S3Twin;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two engines that open one database in a bucket at the same moment, over HTTP: one of them stays
/// the writer, the other learns that it was fenced, and what either acknowledged is there.
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EnginesRaceTest {
    private static final int RACES = 8;
    private static final int WRITES = 5;
    private static final int PATIENCE_SECONDS = 60;

    @TempDir Path folder;

    @Test
    @Tag("MAN-01")
    void shouldLeaveOneWriterOnTheDouble() throws Exception {
        try (S3Twin bucket = S3Twin.start()) {
            raceAll(bucket.url("bucket/db"));
        }
    }

    @Test
    @Tag("MAN-01")
    void shouldLeaveOneWriterOnAServerThatOthersHaveWritten() throws Exception {
        var blobs = new FilesystemNio2BlobStore(folder.toString());
        blobs.createContainer("bucket");
        S3Proxy proxy =
                S3Proxy.builder()
                        .blobStore(blobs)
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V4, "test", "testsecret")
                        .build();
        proxy.start();
        try {
            raceAll("s3://bucket/db?endpoint=http://127.0.0.1:" + proxy.getPort());
        } finally {
            proxy.stop();
        }
    }

    /// One side of a race.
    ///
    /// @param acknowledged what it was told is durable
    /// @param end null while it is the writer
    private record Side(TreeMap<Bytes, Bytes> acknowledged, @Nullable Closed end) {
        boolean isWriter() {
            return end == null;
        }
    }

    private static void raceAll(String url) throws Exception {
        var model = new TreeMap<Bytes, Bytes>();
        try (ObjectStore store = Stores.open(url, Env.system())) {
            for (int race = 0; race < RACES; race++) {
                List<Side> sides = race(store, "race " + race);
                long writers = sides.stream().filter(Side::isWriter).count();
                assertEquals(1, writers, "race " + race + ": " + sides);
                for (Side side : sides) {
                    model.putAll(side.acknowledged());
                    if (side.end() == null) continue;
                    assertEquals(Closed.Reason.FENCED, side.end().reason(), "race " + race);
                }
            }
            try (DbReader db = Engine.openReader(store, "")) {
                model.forEach((key, value) -> assertEquals(value, db.get(key), "acknowledged"));
            }
        }
    }

    private static List<Side> race(ObjectStore store, String name) throws Exception {
        var start = new CyclicBarrier(2);
        var opened = new CyclicBarrier(2);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Side>>();
            for (int number = 0; number < 2; number++) {
                String who = name + " engine " + number;
                Callable<Side> side = () -> side(store, who, start, opened);
                running.add(threads.submit(side));
            }
            var sides = new ArrayList<Side>();
            for (Future<Side> each : running)
                sides.add(each.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            return sides;
        }
    }

    private static Side side(
            ObjectStore store, String who, CyclicBarrier start, CyclicBarrier opened)
            throws Exception {
        var acknowledged = new TreeMap<Bytes, Bytes>();
        start.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        HoldfastDb db = null;
        Closed end = null;
        try {
            db = Engine.open(store, "", Settings.defaults());
            write(db, who + " early", acknowledged);
        } catch (Closed fenced) {
            end = fenced;
        }
        // Both have opened, or have failed to: from here on there is one writer.
        opened.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        try {
            if (end == null) write(db, who + " late", acknowledged);
        } catch (Closed fenced) {
            end = fenced;
        }
        if (db != null) db.shutdown(Mode.FAST, Duration.ofSeconds(5));
        return new Side(acknowledged, end);
    }

    private static void write(HoldfastDb db, String who, TreeMap<Bytes, Bytes> acknowledged) {
        for (int i = 0; i < WRITES; i++) {
            Bytes key = Bytes.utf8(who + " " + i);
            db.write(new WriteBatch().put(key, key), Durability.REMOTE);
            acknowledged.put(key, key);
        }
    }
}

package dev.holdfast.system.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.HoldfastReader;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.ReaderSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.s3.twin.S3Twin;
import dev.holdfast.s3.twin.Twist;
import dev.holdfast.system.interop.Databases;
import dev.holdfast.system.process.Numbers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A reader in this process beside a writer in another, which is killed and taken over from.
@Timeout(240)
class ReaderProcessTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final ReaderSettings LATEST =
            ReaderSettings.latest().withPolls(Duration.ofMillis(100), Duration.ofSeconds(1));
    private static final Settings CACHED =
            Settings.defaults().but().blockCacheSize(ByteSize.mebibytes(8)).build();

    @TempDir Path folder;

    private int shown;
    private int views;

    private static HoldfastReader read(String url, ReaderSettings settings) {
        return Engine.builder(ObjectStores.open(url, Env.system()), "")
                .settings(CACHED)
                .openReader(settings);
    }

    private Numbers write(String url) throws Exception {
        return Numbers.start(url, folder.resolve("acks " + shown));
    }

    // What is shown is one moment, and no earlier one than before.
    private void look(HoldfastReader reader) {
        try (ReadView view = reader.view()) {
            int last = Numbers.lastOf(view);
            assertTrue(shown <= last, last + " after " + shown);
            assertEquals(Numbers.upTo(last), Databases.rows(view));
            shown = last;
            views++;
        } catch (Conflict collected) {
            assertTrue(shown <= Numbers.lastOf(reader), "it moved back");
        }
    }

    private void follow(HoldfastReader reader, Numbers writer, int looks) throws Exception {
        for (int i = 0; i < looks; i++) {
            Numbers.Acked acked = writer.awaitBeyond(shown);
            reader.awaitSeq(acked.seq(), SOON);
            look(reader);
            assertTrue(acked.number() <= shown, acked.number() + " is not shown, but " + shown);
        }
    }

    @Test
    @Tag("RD-01")
    @Tag("RD-02")
    void shouldFollowWritersThatAreKilledAndTakenOverFrom() throws Exception {
        String url = Databases.url(Files.createDirectories(folder.resolve("data")));
        Numbers writer = write(url);
        writer.awaitBeyond(0);
        try (HoldfastReader reader = read(url, LATEST)) {
            for (int life = 0; life < 5; life++) {
                follow(reader, writer, 15);
                if (life % 2 == 0) writer.kill();
                Numbers next = write(url);
                next.awaitBeyond(shown);
                // the one before was killed, or is fenced and ends
                assertTrue(!writer.goOnFor(SOON), "two writers");
                writer = next;
            }
            follow(reader, writer, 15);
            assertEquals(0, reader.status().failedLooks(), reader.status().toString());
            assertTrue(60 < views, "views " + views);
        } finally {
            writer.kill();
        }
    }

    @Test
    @Tag("RD-01")
    void shouldGrowOldAndSaySoWhileTheBucketIsABlackHole() throws Exception {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "testsecret");
        Duration max = Duration.ofSeconds(2);
        try (S3Twin bucket = S3Twin.start()) {
            String url = bucket.url("bucket/db");
            try (Numbers writer = write(url)) {
                writer.awaitBeyond(100);
                writer.kill();
            }
            try (HoldfastReader easy = read(url, LATEST);
                    HoldfastReader strict = read(url, LATEST.withStalenessMax(max))) {
                HoldfastReader closing = read(url, ReaderSettings.heldCheckpoint(SOON));
                look(strict);
                look(easy);
                // when
                bucket.follow(_ -> new Twist.Silence());
                awaitAge(strict, max.plusMillis(500));
                // then
                look(easy);
                assertThrows(Unavailable.class, () -> strict.get(Bytes.utf8("last")));
                long start = System.nanoTime();
                closing.shutdown(Mode.SMART, Duration.ofSeconds(2));
                long tookMillis = (System.nanoTime() - start) / 1_000_000;
                assertTrue(tookMillis < 4_000, "closing took " + tookMillis);
                // and it is well again by itself
                bucket.behave();
                try (Numbers writer = write(url)) {
                    follow(easy, writer, 3);
                    strict.awaitSeq(writer.acked().seq(), Duration.ofSeconds(60));
                    awaitYouth(strict, max);
                    look(strict);
                }
            }
        }
    }

    private static void awaitAge(HoldfastReader reader, Duration age) throws Exception {
        while (reader.status().age().compareTo(age) < 0) Env.system().sleep(Duration.ofMillis(20));
    }

    private static void awaitYouth(HoldfastReader reader, Duration age) throws Exception {
        while (0 < reader.status().age().compareTo(age)) Env.system().sleep(Duration.ofMillis(20));
    }

    @Test
    @Tag("RD-01")
    void shouldNotTakeAVanishedDatabaseForAnUnchangedOne() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        String url = Databases.url(data);
        try (Numbers writer = write(url)) {
            writer.awaitBeyond(20);
        }
        try (HoldfastReader reader =
                read(
                        url,
                        ReaderSettings.latest()
                                .withPolls(Duration.ofMillis(500), Duration.ofSeconds(3)))) {
            look(reader);
            Path away = folder.resolve("away");
            Files.move(data, away);
            awaitAge(reader, Duration.ofSeconds(8));
            assertTrue(reader.status().trouble() != null, reader.status().toString());
            look(reader);
            Files.move(away, data);
            try (Numbers writer = write(url)) {
                follow(reader, writer, 3);
            }
        }
    }
}

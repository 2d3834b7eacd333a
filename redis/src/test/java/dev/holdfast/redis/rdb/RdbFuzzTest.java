package dev.holdfast.redis.rdb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Reads damaged snapshots: each is read or refused, with the place, and takes memory by the bytes
/// that are there.
///
/// `-Drdb.fuzz.seed=N` tries one seed again; `-Drdb.fuzz.seconds=N` says how long the long test
/// takes.
public class RdbFuzzTest {
    private static final long SEED = 7_001;
    private static final int ROUNDS = 30_000;
    private static final long LONG_SECONDS = 60;
    // A compressed byte can stand for 88; what is told of each part comes on top.
    private static final long ALLOCATED_PER_BYTE = 2_000;
    private static final long ALLOCATED_AT_ALL = 8L << 20;

    private final List<byte[]> snapshots = snapshots();

    @Test
    void shouldReadOrRefuseWhenSnapshotsAreDamaged() {
        long seed = Long.getLong("rdb.fuzz.seed", SEED);
        long refused = 0;
        for (int i = 0; i < ROUNDS; i++) refused += read(seed + i);
        assertTrue(ROUNDS / 2 < refused, "refused=" + refused);
    }

    @Test
    @Tag("long")
    void shouldReadOrRefuseWhenSnapshotsAreDamagedForLong() {
        long seconds = Long.getLong("rdb.fuzz.seconds", LONG_SECONDS);
        long first = Long.getLong("rdb.fuzz.seed", System.nanoTime() / 1000);
        long end = System.nanoTime() + seconds * 1_000_000_000;
        long rounds = 0;
        long refused = 0;
        for (; System.nanoTime() < end; rounds++) refused += read(first + rounds);
        System.out.printf(
                "rdb fuzz: %d snapshots in %d s from seed %d, %d refused, 0 finds%n",
                rounds, seconds, first, refused);
    }

    private int read(long seed) {
        var mutations = new Mutations(seed);
        byte[] snapshot = mutations.damaged(snapshots.get(mutations.below(snapshots.size())));
        long before = allocated();
        int refused = 0;
        try {
            var reader = RdbReader.open(new ByteArrayInputStream(snapshot));
            for (RdbRecord next = reader.next(); next != null; next = reader.next()) {
                boolean isRead = next instanceof RdbRecord.Key && mutations.below(8) != 0;
                if (isRead) reader.value(_ -> {});
            }
        } catch (RdbException wrong) {
            refused = 1;
            assertTrue(
                    0 <= wrong.offset() && wrong.offset() <= snapshot.length,
                    () -> "seed=" + seed + " " + wrong);
        } catch (RuntimeException | Error other) {
            throw new AssertionError("-Drdb.fuzz.seed=" + seed, other);
        }
        long taken = allocated() - before;
        long most = ALLOCATED_AT_ALL + ALLOCATED_PER_BYTE * snapshot.length;
        assertTrue(taken < most, () -> "seed=" + seed + " allocated=" + taken);
        return refused;
    }

    private static long allocated() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }

    // One of each form by itself, and one of all.
    public static List<byte[]> snapshots() {
        List<byte[]> snapshots = new ArrayList<>();
        List<String> payloads = new ArrayList<>(OlderPayloads.all().values());
        payloads.addAll(OlderPayloads.newer().values());
        for (String payload : payloads) snapshots.add(snapshot(List.of(payload)));
        snapshots.add(snapshot(payloads));
        return snapshots;
    }

    private static byte[] snapshot(List<String> payloads) {
        var bytes = new ByteArrayOutputStream();
        var writer = new RdbWriter(bytes);
        writer.aside("redis-ver", "7.0.15");
        writer.functions(Bytes.utf8("#!lua name=lib"));
        writer.database(3, payloads.size(), 1);
        for (String payload : payloads) {
            RdbType type = RdbType.ofTag(payload.charAt(0));
            writer.key(Bytes.utf8("key"), type, 1_900_000_000_000L);
            String value = payload.substring(1, payload.length() - 10);
            writer.out().raw(Bytes.wrap(value.getBytes(ISO_8859_1)));
        }
        writer.key(Bytes.utf8("long"), RdbType.STRING, RdbRecord.Key.NO_EXPIRY);
        writer.out().string(Bytes.utf8("long ".repeat(200)));
        writer.end();
        return bytes.toByteArray();
    }
}

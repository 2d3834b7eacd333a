package dev.holdfast.objectstore.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.PutResult.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What holds between processes that share a directory, and when one of them is killed.
class LocalStoreProcessesTest {
    private static final int RACES = 300;

    @TempDir private Path directory;

    @Test
    void shouldHaveExactlyOneWinnerWhenTwoProcessesRace() throws Exception {
        try (var left = ChildProcess.start(Racer.class, directory.toString(), "left");
                var right = ChildProcess.start(Racer.class, directory.toString(), "right")) {
            // when
            Set<String> wonByLeft = wins(left);
            Set<String> wonByRight = wins(right);
            // then
            var store = new LocalStore(directory, Env.system());
            for (int race = 0; race < RACES; race++) {
                String name = "race/" + race;
                assertTrue(wonByLeft.contains(name) ^ wonByRight.contains(name), name);
                String winner = wonByLeft.contains(name) ? "left" : "right";
                assertEquals(Bytes.utf8(winner), store.get(name), name);
            }
            int wins = wonByLeft.size();
            assertTrue(0 < wins && wins < RACES, "no race took place: " + wins + " to the left");
        }
    }

    @Test
    void shouldShowOnlyWholeObjectsWhenAWriterIsKilled() throws Exception {
        long seed = Long.getLong("store.seed", new Random().nextLong());
        var random = new Random(seed);
        for (int kill = 0; kill < 8; kill++) {
            List<String> acknowledged = new ArrayList<>();
            try (var writer = ChildProcess.start(Writer.class, directory.toString(), kill + "-")) {
                // when: killed somewhere in the put after the nth
                int puts = 1 + random.nextInt(12);
                for (int i = 0; i < puts; i++) acknowledged.add(writer.output().readLine());
                for (int spin = random.nextInt(2_000_000); 0 < spin; spin--) Thread.onSpinWait();
                writer.kill();
            }
            // then
            var store = new LocalStore(directory, Env.system());
            List<ObjectMeta> listed = store.list("obj/" + kill + "-", null, 1000);
            Set<String> names = new HashSet<>();
            for (ObjectMeta meta : listed) {
                names.add(meta.name());
                assertTrue(isWhole(store.get(meta.name())), meta + " seed=" + seed);
            }
            assertTrue(names.containsAll(acknowledged), "seed=" + seed + " " + acknowledged);
            assertTrue(names.size() <= acknowledged.size() + 40, "seed=" + seed);
        }
    }

    @Test
    void shouldLetGoOfTheLockWhenTheHolderIsKilled() throws Exception {
        try (var holder = ChildProcess.start(Holder.class, directory.toString())) {
            // given
            String line = holder.output().readLine();
            var refused = DirectoryLock.tryAcquire(directory, Env.system());
            String named = assertInstanceOf(LockResult.HeldBy.class, refused).holder();
            assertTrue(named.startsWith(line + " since "), named);
            // when
            holder.kill();
            // then
            var acquired = DirectoryLock.tryAcquire(directory, Env.system());
            assertInstanceOf(LockResult.Acquired.class, acquired).lock().close();
        }
    }

    private static Set<String> wins(ChildProcess racer) throws IOException {
        Set<String> wins = new HashSet<>();
        for (String line = racer.output().readLine();
                line != null;
                line = racer.output().readLine()) wins.add(line);
        return wins;
    }

    private static boolean isWhole(Bytes object) {
        assertNotNull(object);
        var crc = new CRC32C();
        crc.update(object.array(), object.offset(), object.length() - Long.BYTES);
        return object.slice(object.length() - Long.BYTES, object.length()).toBuffer().getLong()
                == crc.getValue();
    }

    /// Creates the same names as its rival, both at each in the same instant, and prints those that
    /// it won.
    static final class Racer {
        public static void main(String[] args) throws IOException {
            Path directory = Path.of(args[0]);
            String self = args[1];
            String rival = self.equals("left") ? "right" : "left";
            var store = new LocalStore(directory, Env.system());
            var won = new StringBuilder();
            for (int race = 0; race < RACES; race++) {
                Files.createFile(directory.resolve(self + race));
                awaitFile(directory.resolve(rival + race));
                String name = "race/" + race;
                var body = List.of(Bytes.utf8(self));
                if (store.putIfAbsent(name, body, Ulid.next(Env.system())) instanceof Stored)
                    won.append(name).append('\n');
            }
            System.out.print(won);
        }

        private static void awaitFile(Path file) {
            long start = System.nanoTime();
            while (!Files.exists(file)) {
                if (System.nanoTime() - start > 60_000_000_000L) System.exit(1);
                Thread.onSpinWait();
            }
        }
    }

    /// Puts large objects that end in their checksum until it is killed.
    static final class Writer {
        public static void main(String[] args) {
            var store = new LocalStore(Path.of(args[0]), Env.system());
            var random = new Random(args[1].hashCode());
            for (int i = 0; i < 10_000; i++) {
                byte[] body = new byte[200_000 + random.nextInt(2_000_000)];
                random.nextBytes(body);
                var crc = new CRC32C();
                crc.update(body);
                byte[] tail = new byte[Long.BYTES];
                java.nio.ByteBuffer.wrap(tail).putLong(crc.getValue());
                String name = "obj/" + args[1] + "%05d".formatted(i);
                store.put(name, List.of(Bytes.wrap(body), Bytes.wrap(tail)));
                System.out.println(name);
            }
        }
    }

    /// Takes the lock and keeps it.
    static final class Holder {
        public static void main(String[] args) throws IOException {
            DirectoryLock.tryAcquire(Path.of(args[0]), Env.system());
            System.out.println("pid " + ProcessHandle.current().pid());
            System.in.read();
        }
    }
}

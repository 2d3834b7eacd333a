package dev.holdfast.system.memory;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineMemory;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A process with many databases over one memory, each with a client that puts, gets, scans and
/// deletes, while all of them compact and collect. Told nothing, it does nothing: then it shows
/// what an empty JVM takes.
final class ManyDatabases {
    private static final int VALUE_BYTES = 1024;
    private static final int KEYS = 20_000;
    private static final Duration GIVEN_BACK_MAX = Duration.ofSeconds(5);
    private static final String RESIDENT_MOST = "VmHWM:";

    private ManyDatabases() {}

    /// `directory databases memory seconds`; prints what was done, and last the highest resident
    /// size in KiB.
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 0)
            load(
                    Path.of(arguments[0]),
                    Integer.parseInt(arguments[1]),
                    new EngineMemory(ByteSize.parse(arguments[2])),
                    Duration.ofSeconds(Long.parseLong(arguments[3])));
        System.out.println(residentMostKib());
    }

    private static long residentMostKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(RESIDENT_MOST))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static void load(Path directory, int count, EngineMemory memory, Duration time)
            throws Exception {
        String url = directory.toUri().toString();
        ObjectStore store = ObjectStores.open(url, Env.system());
        List<HoldfastDb> databases = new ArrayList<>();
        for (int i = 0; i < count; i++)
            databases.add(
                    Engine.builder(store, "db" + i).settings(settings()).memory(memory).open());
        long end = System.nanoTime() + time.toNanos();
        long operations = 0;
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> done = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                done.add(clients.submit(() -> new Client(databases.get(number), number).run(end)));
            }
            for (Future<Long> client : done) operations += client.get();
        }
        EngineMemory.Usage usage = memory.usage();
        long runs = databases.stream().mapToLong(db -> db.stats().sortedRuns()).sum();
        for (HoldfastDb db : databases) db.close();
        System.out.println("operations " + operations + ", sorted runs " + runs + ", " + usage);
        awaitNothingHeld(memory);
        System.out.println("left " + memory.usage().total());
    }

    // What a walk had asked for ahead is given back when it comes.
    private static void awaitNothingHeld(EngineMemory memory) throws InterruptedException {
        long giveUp = System.nanoTime() + GIVEN_BACK_MAX.toNanos();
        while (memory.usage().total() != 0 && System.nanoTime() - giveUp < 0)
            Env.system().sleep(Duration.ofMillis(10));
    }

    private static Settings settings() {
        return Settings.defaults()
                .but()
                .compaction(CompactionSettings.defaults())
                .collectionInterval(Duration.ofSeconds(5))
                .collectionMinAge(Duration.ofSeconds(5))
                .build();
    }

    /// One that uses one database until its time is over.
    private static final class Client {
        private final HoldfastDb db;
        private final SplittableRandom random;

        Client(HoldfastDb db, int number) {
            this.db = db;
            random = new SplittableRandom(number);
        }

        long run(long end) {
            long operations = 0;
            for (; System.nanoTime() - end < 0; operations++) {
                switch (random.nextInt(10)) {
                    case 0, 1, 2 -> db.get(key());
                    case 3 -> scan(random.nextInt(200));
                    case 4 -> db.write(new WriteBatch().delete(key()), Durability.MEMORY);
                    default -> db.write(new WriteBatch().put(key(), value()), Durability.MEMORY);
                }
            }
            return operations;
        }

        private void scan(int rows) {
            try (Scan scan = db.scan(new KeyRange(key(), null))) {
                for (int i = 0; i < rows && scan.next(); i++) scan.value();
            }
        }

        private Bytes value() {
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            return Bytes.wrap(value);
        }

        private Bytes key() {
            return Bytes.utf8("key%08d".formatted(random.nextInt(KEYS)));
        }
    }
}

package dev.holdfast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.DbReader;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a machine with an empty disk asks the store until its first read is answered.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EmptyDiskTest {
    private static final int KEYS = 5_000;

    @TempDir private Path folder;
    private final MemoryStore bucket = new MemoryStore();
    private final AskedStore asked = new AskedStore(bucket);

    @AfterEach
    void close() {
        asked.close();
    }

    /// Notes each question that reads.
    private static final class AskedStore extends ForwardingStore {
        private final List<String> questions = new CopyOnWriteArrayList<>();

        AskedStore(ObjectStore inner) {
            super(inner);
        }

        List<String> takeQuestions() {
            List<String> all = List.copyOf(questions);
            questions.clear();
            return all;
        }

        @Override
        public Bytes get(String name) {
            questions.add("get " + name);
            return super.get(name);
        }

        @Override
        public Bytes get(String name, long offset, int length) {
            questions.add("get part of " + name + " at " + offset + ", " + length);
            return super.get(name, offset, length);
        }

        @Override
        public Bytes getUpTo(String name, long offset, int lengthMax) {
            questions.add("get part of " + name + " from " + offset);
            return super.getUpTo(name, offset, lengthMax);
        }

        @Override
        public ObjectMeta head(String name) {
            questions.add("head " + name);
            return super.head(name);
        }

        @Override
        public List<ObjectMeta> list(String prefix, String after, int limit) {
            questions.add("list " + prefix);
            return super.list(prefix, after, limit);
        }
    }

    private static Bytes key(int i) {
        return Bytes.utf8("key %06d".formatted(i));
    }

    private static Bytes value(int i) {
        return Bytes.utf8("value %0200d".formatted(i));
    }

    private static Settings settings() {
        return Settings.defaults()
                .but()
                .compaction(CompactionSettings.off())
                .collectionInterval(Duration.ZERO)
                .manifestPollInterval(Duration.ofMinutes(10))
                .build();
    }

    // One table of many parts, and nothing in the log behind it.
    private void fill() {
        try (HoldfastDb db = Engine.open(bucket, "db", settings())) {
            var batch = new WriteBatch();
            for (int i = 0; i < KEYS; i++) batch.put(key(i), value(i));
            db.write(batch, Durability.MEMORY);
        }
    }

    private HoldfastDb open(String directory) {
        return Engine.builder(asked, "db")
                .settings(settings())
                .local(
                        LocalSettings.in(folder.resolve(directory))
                                .withSegmentSize(ByteSize.kibibytes(64))
                                .withCacheSize(ByteSize.mebibytes(16)))
                .open();
    }

    private static long ofTables(List<String> questions) {
        return questions.stream()
                .filter(question -> question.contains(".sst"))
                .filter(question -> question.contains("compacted"))
                .count();
    }

    @Test
    void shouldReadNoTableBeforeItIsAskedAndThenTwoPieces() {
        fill();
        try (HoldfastDb db = open("fresh")) {
            List<String> opening = asked.takeQuestions();
            assertEquals(0, ofTables(opening), opening.toString());

            assertEquals(value(0), db.get(key(0)));

            List<String> reading = asked.takeQuestions();
            assertTrue(reading.size() <= 2, reading.toString());
        }
    }

    /// The manifest takes four questions, the log's tail some, and the table two.
    @Test
    void shouldAnswerAReaderWithTwoPiecesOfATable() {
        fill();
        try (DbReader reader = Engine.builder(asked, "db").settings(settings()).openReader()) {
            assertEquals(value(5), reader.get(key(5)));
        }

        List<String> questions = asked.takeQuestions();
        long log = questions.stream().filter(question -> question.contains("/wal/")).count();
        assertEquals(2, ofTables(questions), questions.toString());
        assertTrue(questions.size() - log <= 6, questions.toString());
    }

    @Test
    void shouldAskNothingForWhatTheDiskHasKept() {
        fill();
        try (Db db = open("fresh")) {
            for (int i = 0; i < KEYS; i += 100) assertEquals(value(i), db.get(key(i)));
        }
        try (Db db = open("fresh")) {
            asked.takeQuestions();
            for (int i = 0; i < KEYS; i += 100) assertEquals(value(i), db.get(key(i)));

            assertEquals(List.of(), asked.takeQuestions());
        }
        assertTrue(Files.exists(folder.resolve("fresh/cache/INDEX")));
    }

    @Test
    void shouldKeepNoCacheWhereNoneIsWanted() {
        fill();
        var local = LocalSettings.in(folder.resolve("bare")).withCacheSize(ByteSize.bytes(0));
        try (Db db = Engine.builder(asked, "db").settings(settings()).local(local).open()) {
            assertNotNull(db.get(key(1)));
        }
        assertTrue(Files.notExists(folder.resolve("bare/cache")));
    }
}

package dev.holdfast.objectstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Invalid;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.AlreadyExists;
import dev.holdfast.objectstore.api.PutResult.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What every object store promises, run against each of them.
public abstract class ObjectStoreContract {
    /// An empty store.
    protected abstract ObjectStore open();

    @Test
    void shouldGiveBackTheWholeObjectWhenItWasPutInParts() {
        try (ObjectStore store = open()) {
            // when
            PutResult result = store.put("a/b.sst", List.of(utf8("one"), Bytes.EMPTY, utf8("two")));
            // then
            assertEquals("a/b.sst", assertInstanceOf(Stored.class, result).name().position());
            assertEquals(utf8("onetwo"), store.get("a/b.sst"));
        }
    }

    @Test
    void shouldKeepEveryByteOfALargeObject() {
        try (ObjectStore store = open()) {
            // given: parts of odd sizes, some larger than any buffer
            var random = new Random(1);
            List<Bytes> parts = new ArrayList<>();
            for (int size : new int[] {1, 4096, 3_000_001, 17, 1_048_576, 0, 999}) {
                byte[] part = new byte[size];
                random.nextBytes(part);
                parts.add(Bytes.wrap(part));
            }
            IntStream.range(0, 700).forEach(i -> parts.add(utf8("part " + i)));
            // when
            store.put("large", parts);
            // then
            assertEquals(joined(parts), store.get("large"));
            assertEquals(
                    joined(parts).slice(2_000_000, 4_000_000),
                    store.get("large", 2_000_000, 2_000_000));
        }
    }

    @Test
    void shouldKeepAnEmptyObject() {
        try (ObjectStore store = open()) {
            // when
            store.put("fence", List.of());
            // then
            assertEquals(Bytes.EMPTY, store.get("fence"));
            assertEquals(Bytes.EMPTY, store.get("fence", 0, 0));
            assertEquals(0, meta(store, "fence").size());
        }
    }

    @Test
    protected void shouldAnswerNullWhenThereIsNoSuchObject() {
        try (ObjectStore store = open()) {
            // given
            store.put("wal/1.sst", List.of(utf8("x")));
            // then: neither what never was, nor a part of a name, nor a name below a name
            for (String name : List.of("absent", "wal", "wal/1", "wal/1.sst/x", "wal/1.sst/x/y")) {
                assertNull(store.get(name), name);
                assertNull(store.get(name, 0, 1), name);
                assertNull(store.get(name, 0, 0), name);
                assertNull(store.head(name), name);
                store.delete(name);
            }
            assertEquals(utf8("x"), store.get("wal/1.sst"));
        }
    }

    @Test
    void shouldReplaceTheObjectWhenItIsPutAgain() {
        try (ObjectStore store = open()) {
            // given
            store.putIfAbsent("a", List.of(utf8("old")), id());
            // when
            store.put("a", List.of(utf8("newer")));
            // then: the id of a put that is gone must not vouch for these bytes
            assertEquals(utf8("newer"), store.get("a"));
            assertNull(meta(store, "a").putId());
        }
    }

    @Test
    void shouldReadExactlyTheRange() {
        try (ObjectStore store = open()) {
            // given
            store.put("a", List.of(utf8("0123456789")));
            // then
            assertEquals(utf8("345"), store.get("a", 3, 3));
            assertEquals(utf8("0123456789"), store.get("a", 0, 10));
            assertEquals(Bytes.EMPTY, store.get("a", 10, 0));
        }
    }

    @Test
    void shouldReadUpToTheEnd() {
        try (ObjectStore store = open()) {
            // given
            store.put("a", List.of(utf8("0123456789")));
            store.put("empty", List.of());
            // then
            assertEquals(utf8("345"), store.getUpTo("a", 3, 3));
            assertEquals(utf8("89"), store.getUpTo("a", 8, 3));
            assertEquals(utf8("89"), store.getUpTo("a", 8, Integer.MAX_VALUE));
            assertEquals(Bytes.EMPTY, store.getUpTo("a", 10, 3));
            assertEquals(Bytes.EMPTY, store.getUpTo("a", Long.MAX_VALUE, Integer.MAX_VALUE));
            assertEquals(Bytes.EMPTY, store.getUpTo("empty", 0, 3));
            assertNull(store.getUpTo("none", 0, 3));
        }
    }

    @Test
    void shouldRefuseARangeBeyondTheEnd() {
        try (ObjectStore store = open()) {
            // given
            store.put("a", List.of(utf8("0123456789")));
            // then: no short answer, and no allocation by what was asked for
            assertThrows(Invalid.class, () -> store.get("a", 8, 3));
            assertThrows(Invalid.class, () -> store.get("a", 11, 0));
            assertThrows(Invalid.class, () -> store.get("a", -1, 1));
            assertThrows(Invalid.class, () -> store.get("a", 0, -1));
            assertThrows(Invalid.class, () -> store.get("a", Long.MAX_VALUE, Integer.MAX_VALUE));
            assertThrows(Invalid.class, () -> store.get("a", 0, Integer.MAX_VALUE));
        }
    }

    @Test
    void shouldLeaveTheFirstObjectWhenTheNameIsTaken() {
        try (ObjectStore store = open()) {
            // given
            Ulid first = id();
            PutResult won = store.putIfAbsent("m/1", List.of(utf8("first")), first);
            // when
            PutResult lost = store.putIfAbsent("m/1", List.of(utf8("second")), id());
            // then
            assertInstanceOf(Stored.class, won);
            assertInstanceOf(AlreadyExists.class, lost);
            assertEquals(utf8("first"), store.get("m/1"));
            if (keepsPutIds()) assertEquals(first, meta(store, "m/1").putId());
        }
    }

    @Test
    void shouldGiveTheNameAwayAgainWhenTheObjectWasDeleted() {
        try (ObjectStore store = open()) {
            // given
            store.putIfAbsent("a", List.of(utf8("first")), id());
            // when
            store.delete("a");
            // then
            assertNull(store.get("a"));
            assertInstanceOf(Stored.class, store.putIfAbsent("a", List.of(utf8("second")), id()));
            assertEquals(utf8("second"), store.get("a"));
        }
    }

    @Test
    void shouldTellSizeAndTimeWithoutReading() {
        try (ObjectStore store = open()) {
            // given
            long before = System.currentTimeMillis();
            store.put("a/b", List.of(utf8("12345")));
            long after = System.currentTimeMillis();
            // when
            ObjectMeta meta = meta(store, "a/b");
            // then: file systems round the time by a little
            assertEquals("a/b", meta.name());
            assertEquals(5, meta.size());
            assertEquals(before, Math.clamp(before, meta.lastModifiedMillis() - 2000, before));
            assertEquals(after, Math.clamp(after, after, meta.lastModifiedMillis() + 2000));
        }
    }

    @Test
    void shouldListInBytewiseOrderOfWholeNames() {
        try (ObjectStore store = open()) {
            // given: the slash sorts after `-` and `.` and before digits
            List<String> names = List.of("a-b", "a.b", "a/b", "a/b-c", "a/c/d", "a0", "b", "b:@=+");
            names.reversed().forEach(name -> store.put(name, List.of(utf8(name))));
            // then
            assertEquals(names, names(store.list("", null, 1000)));
            assertEquals(List.of("a/b", "a/b-c", "a/c/d"), names(store.list("a/", null, 1000)));
            assertEquals(List.of("a/b", "a/b-c"), names(store.list("a/b", null, 1000)));
            assertEquals(List.of("a/c/d", "a0", "b"), names(store.list("", "a/b-c", 3)));
            assertEquals(List.of("a/b"), names(store.list("", "a/", 1)));
            assertEquals(List.of("a0", "b", "b:@=+"), names(store.list("", "a/c/d", 1000)));
            assertEquals(List.of(), names(store.list("a/", "b", 1000)));
            assertEquals(names, names(store.list("", "A", 1000)));
            assertEquals(List.of(), names(store.list("a/b/", null, 1000)));
            assertEquals(List.of(), names(store.list("absent/", null, 1000)));
        }
    }

    @Test
    void shouldListWhatAModelListsWhenNamesAreRandom() {
        long seed = Long.getLong("store.seed", new Random().nextLong());
        var random = new Random(seed);
        try (ObjectStore store = open()) {
            // given
            var model = new TreeMap<String, Integer>();
            var directories = List.of("", "a/", "a-/", "a/b/", "b/", "aa/", "a.a/");
            for (int i = 0; i < 200; i++) {
                String name =
                        directories.get(random.nextInt(directories.size()))
                                + "f"
                                + "-.=0aA".charAt(random.nextInt(6))
                                + random.nextInt(30);
                byte[] body = new byte[random.nextInt(20)];
                store.put(name, List.of(Bytes.wrap(body)));
                model.put(name, body.length);
            }
            for (int i = 0; i < 50; i++) {
                String prefix = directories.get(random.nextInt(directories.size()));
                if (random.nextBoolean()) prefix += "f";
                String after = random.nextBoolean() ? null : randomKey(model, random);
                int limit = 1 + random.nextInt(60);
                // when
                List<ObjectMeta> page = store.list(prefix, after, limit);
                // then
                assertEquals(
                        expectedPage(model, prefix, after, limit),
                        page.stream().map(meta -> meta.name() + "=" + meta.size()).toList(),
                        "seed=" + seed + " prefix=" + prefix + " after=" + after);
            }
        }
    }

    @Test
    void shouldShowEveryObjectOnceWhenAListingIsPaged() {
        try (ObjectStore store = open()) {
            // given
            List<String> names =
                    IntStream.range(0, 2500).mapToObj(i -> "wal/%020d.sst".formatted(i)).toList();
            names.forEach(name -> store.put(name, List.of()));
            // when
            List<String> seen = new ArrayList<>();
            String after = null;
            List<ObjectMeta> page;
            do {
                page = store.list("wal/", after, 1000);
                seen.addAll(names(page));
                after = page.getLast().name();
            } while (page.size() == 1000);
            // then
            assertEquals(names, seen);
        }
    }

    @Test
    @Tag("SEC-13")
    void shouldRefuseNamesThatCouldLeadElsewhere() {
        try (ObjectStore store = open()) {
            for (String name :
                    List.of(
                            "",
                            "/",
                            "/a",
                            "a/",
                            "a//b",
                            ".",
                            "..",
                            "../a",
                            "a/..",
                            "a/./b",
                            "a/../b",
                            "a\0b",
                            "a\\b",
                            "a b",
                            "a#1",
                            "%2e%2e/a",
                            "ä",
                            "a\nb",
                            "x".repeat(1025),
                            "x".repeat(201))) {
                assertThrows(Invalid.class, () -> store.get(name), name);
                assertThrows(Invalid.class, () -> store.get(name, 0, 1), name);
                assertThrows(Invalid.class, () -> store.put(name, List.of()), name);
                assertThrows(Invalid.class, () -> store.putIfAbsent(name, List.of(), id()), name);
                assertThrows(Invalid.class, () -> store.head(name), name);
                assertThrows(Invalid.class, () -> store.delete(name), name);
            }
            for (String prefix : List.of("/", "../", "a/../", "a//", "a\0", "%2e"))
                assertThrows(Invalid.class, () -> store.list(prefix, null, 1), prefix);
            assertEquals(List.of(), store.list("", null, 1000));
        }
    }

    @Test
    void shouldHaveExactlyOneWinnerWhenTwoThreadsRace() throws Exception {
        try (ObjectStore store = open();
                var threads = Executors.newFixedThreadPool(2)) {
            var start = new CyclicBarrier(2);
            for (int race = 0; race < 200; race++) {
                String name = "race/" + race;
                // when
                var left = threads.submit(racer(store, start, name, "left"));
                var right = threads.submit(racer(store, start, name, "right"));
                // then
                boolean leftWon = left.get() instanceof Stored;
                boolean rightWon = right.get() instanceof Stored;
                assertEquals(1, (leftWon ? 1 : 0) + (rightWon ? 1 : 0), name);
                assertEquals(utf8(leftWon ? "left" : "right"), store.get(name), name);
            }
        }
    }

    /// False for a store that does not keep attributes.
    protected boolean keepsPutIds() {
        return true;
    }

    private static Callable<PutResult> racer(
            ObjectStore store, CyclicBarrier start, String name, String body) {
        return () -> {
            start.await();
            return store.putIfAbsent(name, List.of(utf8(body)), id());
        };
    }

    private static List<String> expectedPage(
            TreeMap<String, Integer> model, String prefix, @Nullable String after, int limit) {
        return model.entrySet().stream()
                .filter(object -> object.getKey().startsWith(prefix))
                .filter(object -> after == null || after.compareTo(object.getKey()) < 0)
                .limit(limit)
                .map(object -> object.getKey() + "=" + object.getValue())
                .toList();
    }

    private static String randomKey(TreeMap<String, Integer> model, Random random) {
        return List.copyOf(model.keySet()).get(random.nextInt(model.size()));
    }

    private static ObjectMeta meta(ObjectStore store, String name) {
        ObjectMeta meta = store.head(name);
        assertNotNull(meta, name);
        return meta;
    }

    private static List<String> names(List<ObjectMeta> page) {
        return page.stream().map(ObjectMeta::name).toList();
    }

    private static Bytes joined(List<Bytes> parts) {
        var whole = new java.io.ByteArrayOutputStream();
        parts.forEach(part -> whole.writeBytes(part.toArray()));
        return Bytes.wrap(whole.toByteArray());
    }

    protected static Bytes utf8(String text) {
        return Bytes.utf8(text);
    }

    protected static Ulid id() {
        return Ulid.next(Env.system());
    }
}

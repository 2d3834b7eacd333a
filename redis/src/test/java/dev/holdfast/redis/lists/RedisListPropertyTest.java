package dev.holdfast.redis.lists;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.redis.fake.FakeDb;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Keyspaces;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Lists against a list in memory, above all where elements are put between others.
@Timeout(60)
class RedisListPropertyTest {
    private static final Bytes KEY = Bytes.utf8("list");

    private final AtomicInteger rows = new AtomicInteger(); // of the latest batch
    private final Keyspaces keyspaces = Keyspaces.open(counted(new FakeDb()), Env.system());

    private Db counted(Db db) {
        return (Db)
                Proxy.newProxyInstance(
                        Db.class.getClassLoader(),
                        new Class<?>[] {Db.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("writeIfUnchanged"))
                                rows.set(((WriteBatch) arguments[1]).rows());
                            return method.invoke(db, arguments);
                        });
    }

    /// A change of a list, and what it changes in the model.
    private interface Step {
        void run(RedisList list, List<Bytes> model);
    }

    @Test
    void shouldBeTheListThatTheModelIsAfterRandomChanges() throws Exception {
        long seed = Long.getLong("list.seed", System.nanoTime());
        var random = new Random(seed);
        List<Bytes> model = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Step step = step(random, Bytes.utf8("e" + i));
            List<Bytes> found = change(step, model);
            assertEquals(model, found, "seed=" + seed + " step=" + i);
        }
    }

    @Test
    void shouldKeepOrderWhenManyArePutInOnePlace() throws Exception {
        List<Bytes> model = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Bytes element = Bytes.utf8("start" + i);
            change((list, all) -> push(list, all, End.TAIL, element), model);
        }
        // always before the same one, so that positions run out there again and again
        change(
                (list, all) -> {
                    for (int i = 0; i < 2_000; i++) {
                        int at = all.indexOf(Bytes.utf8("start50"));
                        Bytes element = Bytes.utf8("in" + i);
                        list.insert(list.get(at).position(), End.HEAD, element);
                        all.add(at, element);
                    }
                },
                model);
        List<Bytes> found = change((_, _) -> {}, model);
        assertEquals(model, found);
    }

    @Test
    void shouldRewriteFewRowsWhenAnElementIsPutInTheMiddle() throws Exception {
        List<Bytes> model = new ArrayList<>();
        change(
                (list, all) -> {
                    for (int i = 0; i < 3_000; i++) push(list, all, End.TAIL, Bytes.utf8("e" + i));
                },
                model);
        for (int i = 0; i < 40; i++) {
            keyspaces.execute(0, RedisListPropertyTest::insertInTheMiddle);
            assertTrue(rows.get() < 200, "rows=" + rows);
        }
    }

    private static long insertInTheMiddle(Keyspace keyspace) {
        RedisList list = RedisList.at(keyspace, KEY);
        long at = list.get(list.count() / 2).position();
        list.insert(at, End.HEAD, Bytes.utf8("middle"));
        list.save();
        return list.count();
    }

    private List<Bytes> change(Step step, List<Bytes> model) throws Exception {
        return keyspaces
                .execute(
                        0,
                        keyspace -> {
                            RedisList list = RedisList.at(keyspace, KEY);
                            step.run(list, model);
                            list.save();
                            return list.exists() ? list.range(0, list.count()) : List.<Bytes>of();
                        })
                .result();
    }

    private static Step step(Random random, Bytes element) {
        int choice = random.nextInt(9);
        int at = random.nextInt(1 << 20);
        End end = random.nextBoolean() ? End.HEAD : End.TAIL;
        return (list, model) -> {
            if (model.isEmpty() || choice < 3) push(list, model, end, element);
            else if (choice < 6) insert(list, model, end, at % model.size(), element);
            else if (choice == 6) pop(list, model, end, 1 + at % 3);
            else if (choice == 7) remove(list, model, at % model.size());
            else if (choice == 8 && at % 5 == 0) trim(list, model, at % model.size());
        };
    }

    private static void push(RedisList list, List<Bytes> model, End end, Bytes element) {
        list.push(end, element);
        model.add(end == End.HEAD ? 0 : model.size(), element);
    }

    private static void insert(
            RedisList list, List<Bytes> model, End side, int index, Bytes element) {
        list.insert(list.get(index).position(), side, element);
        model.add(side == End.HEAD ? index : index + 1, element);
    }

    private static void pop(RedisList list, List<Bytes> model, End end, int count) {
        for (Bytes popped : list.pop(end, count)) {
            Bytes expected = end == End.HEAD ? model.removeFirst() : model.removeLast();
            assertEquals(expected, popped);
        }
    }

    private static void remove(RedisList list, List<Bytes> model, int index) {
        list.remove(List.of(list.get(index).position()));
        model.remove(index);
    }

    private static void trim(RedisList list, List<Bytes> model, int start) {
        int end = Math.min(model.size(), start + model.size() / 2 + 1);
        list.trim(start, end);
        model.subList(end, model.size()).clear();
        model.subList(0, start).clear();
    }
}

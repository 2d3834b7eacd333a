package dev.holdfast.redis.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Random calls on keys that come and go, compared with maps; the keyspace is closed and opened now
/// and then, and expired keys are swept now and then.
class KeyCountPropertyTest {
    private static final int DATABASES = 3;

    /// What the keyspace should hold: by database, the expiry of each key.
    private static final class Model {
        private final List<Map<String, Long>> databases = new ArrayList<>();

        Model() {
            for (int i = 0; i < DATABASES; i++) databases.add(new HashMap<>());
        }

        Map<String, Long> living(int database, long nowMillis) {
            Map<String, Long> living = new HashMap<>(databases.get(database));
            living.values().removeIf(at -> at != Meta.NO_EXPIRY && at < nowMillis);
            return living;
        }
    }

    @ParameterizedTest
    @EnumSource(Home.Kind.class)
    void shouldHoldTheKeysOfTheModelWhenCallsAreRandom(Home.Kind kind) throws Exception {
        for (int i = 0; i < 10; i++) {
            try (Home home = kind.build()) {
                run(Long.getLong("keys.seed", System.nanoTime()), home);
            }
        }
    }

    private static void run(long seed, Home home) throws Exception {
        var random = new Random(seed);
        var env = new TestEnv(seed);
        var keyspaces = Keyspaces.open(home.db(), env);
        var model = new Model();
        for (int step = 0; step < 500; step++) {
            int database = random.nextInt(DATABASES);
            act(random, env, keyspaces, model, database);
            if (random.nextInt(40) == 0) keyspaces = Keyspaces.open(home.reopen(), env);
            if (random.nextInt(40) == 0) new ActiveExpiry(keyspaces, env).sweep();
            if (random.nextInt(10) == 0) compare(seed, env, keyspaces, model);
        }
        env.forwardMillis(1_000_000);
        new ActiveExpiry(keyspaces, env).sweep();
        compareSwept(seed, env, keyspaces, model);
    }

    private static void act(
            Random random, TestEnv env, Keyspaces keyspaces, Model model, int database) {
        var calls = new CommandLine(keyspaces);
        calls.select(database);
        long now = env.currentTimeMillis();
        Map<String, Long> keys = model.databases.get(database);
        String key = "k" + random.nextInt(15);
        boolean exists = model.living(database, now).containsKey(key);
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> {
                calls.call("SET " + key + " " + "v".repeat(1 + random.nextInt(3) * 9_000));
                keys.put(key, Meta.NO_EXPIRY);
            }
            case 3, 4 -> {
                long at = now + 1 + random.nextInt(1_000);
                calls.call("SET " + key + " value PXAT " + at);
                keys.put(key, at);
            }
            case 5 -> {
                long at = now + random.nextInt(1_000) - 100;
                calls.call("PEXPIREAT " + key + " " + at);
                if (exists && at <= now) keys.remove(key);
                else if (exists) keys.put(key, at);
            }
            case 6 -> {
                calls.call("PERSIST " + key);
                if (exists) keys.put(key, Meta.NO_EXPIRY);
            }
            case 7 -> {
                calls.call("DEL " + key);
                keys.remove(key);
            }
            case 8 -> {
                String other = "k" + random.nextInt(15);
                calls.call("RENAME " + key + " " + other);
                if (exists) keys.put(other, keys.get(key));
                if (exists && !key.equals(other)) keys.remove(key);
            }
            case 9 -> {
                int target = random.nextInt(DATABASES);
                calls.call("MOVE " + key + " " + target);
                boolean isFree = !model.living(target, now).containsKey(key);
                if (exists && target != database && isFree)
                    model.databases.get(target).put(key, keys.remove(key));
            }
            case 10 -> env.forwardMillis(random.nextInt(300));
            default -> {
                if (random.nextInt(10) == 0) {
                    calls.call("FLUSHDB");
                    keys.clear();
                } else if (random.nextInt(5) == 0) {
                    int other = random.nextInt(DATABASES);
                    calls.call("SWAPDB " + database + " " + other);
                    Collections.swap(model.databases, database, other);
                }
            }
        }
    }

    private static void compare(long seed, TestEnv env, Keyspaces keyspaces, Model model)
            throws Exception {
        for (int i = 0; i < DATABASES; i++) {
            Map<String, Long> found = found(keyspaces, i);
            assertEquals(model.living(i, env.currentTimeMillis()), found, "seed=" + seed);
            long kept = keyspaces.keyCount(i).keys();
            assertTrue(found.size() <= kept, "seed=" + seed);
        }
    }

    // Once no expired key is kept any more, the counts are those of what is found.
    private static void compareSwept(long seed, TestEnv env, Keyspaces keyspaces, Model model)
            throws Exception {
        compare(seed, env, keyspaces, model);
        for (int i = 0; i < DATABASES; i++) {
            Map<String, Long> found = found(keyspaces, i);
            assertEquals(new KeyCount(found.size(), 0), keyspaces.keyCount(i), "seed=" + seed);
        }
    }

    private static Map<String, Long> found(Keyspaces keyspaces, int database) throws Exception {
        Map<String, Long> found = new HashMap<>();
        keyspaces.execute(
                database,
                keyspace ->
                        keyspace.scan(
                                0,
                                1_000,
                                each ->
                                        found.put(
                                                each.key().toUtf8(),
                                                each.meta().expireAtMillis())));
        return found;
    }
}

package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assertions.fail;

import dev.holdfast.redis.keyspace.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Has a real Redis answer the same random calls, in both protocol versions, and compares every
/// reply.
///
/// The short test tells the same stories each time, the long one new ones. `-Ddifferential.seed=N`
/// tells one story again; `-Ddifferential.stories=N` says how many the long test tells.
class DifferentialTest {
    private static final int CALLS = 2_500;
    private static final int SHORT_STORIES = 8;
    private static final int LONG_STORIES = 400;
    private static final int OF_ONE_SERVER = 50; // its store is in memory
    private static final int TRIES_MAX = 400;
    private static final int EVERY = 7; // of the stories one is of transactions
    private static final long KNOWN_SEED = 20_260_001;

    @TempDir Path directory;

    @Tag("SEC-10")
    @Test
    void shouldAnswerAsRedisDoesWhenCalledAtRandom() throws Exception {
        tell(SHORT_STORIES / 2, KNOWN_SEED, Home.Kind.FAKE);
        tell(SHORT_STORIES / 2, KNOWN_SEED + SHORT_STORIES / 2, Home.Kind.ENGINE);
    }

    @Test
    @Tag("long")
    void shouldAnswerAsRedisDoesWhenCalledAtRandomForLong() throws Exception {
        long fresh = System.nanoTime() / 1000;
        boolean isGiven = Long.getLong("differential.seed") != null;
        int stories = isGiven ? 1 : Integer.getInteger("differential.stories", LONG_STORIES);
        long compared = 0;
        for (int told = 0; told < stories; told += OF_ONE_SERVER)
            compared +=
                    tell(Math.min(OF_ONE_SERVER, stories - told), fresh + told, Home.Kind.ENGINE);
        System.out.println("differential: " + compared + " calls in all");
    }

    /// Every family that takes part. A new one is added here. Each story has its own, so that its
    /// seed tells all of it.
    private static List<Family> families() {
        List<Family> families = new ArrayList<>(commands());
        families.add(new ScriptFamily(commands(), ScriptFamily.Company.OTHERS));
        families.add(new FunctionFamily(commands()));
        return families;
    }

    private static List<Family> commands() {
        return List.of(
                new StringFamily(),
                new KeyFamily(),
                new HashFamily(),
                new SetFamily(),
                new ZsetFamily(),
                new BitFamily(),
                new LogLogFamily(),
                new GeoFamily(),
                new SortFamily(),
                new ListFamily(),
                new StreamFamily());
    }

    private long tell(int stories, long from, Home.Kind kind) throws Exception {
        Long given = Long.getLong("differential.seed");
        long first = given != null ? given : from;
        long compared = 0;
        try (RedisProcess process = RedisProcess.start(directory);
                Holdfast server = Holdfast.start(kind);
                RespClient redis = new RespClient(process.port());
                RespClient holdfast = new RespClient(server.port())) {
            var story = new Story(redis, holdfast, rules());
            for (long seed = first; seed < first + (given != null ? 1 : stories); seed++)
                compared += tell(story, seed);
        }
        System.out.println("differential: " + compared + " calls compared, from seed " + first);
        return compared;
    }

    private static int tell(Story story, long seed) throws Exception {
        List<List<String>> calls = calls(seed);
        int protocol = seed % 2 == 0 ? 2 : 3;
        Story.Mismatch mismatch;
        try {
            mismatch = story.tell(calls, protocol);
        } catch (IOException silent) {
            throw new IOException("-Ddifferential.seed=" + seed, silent);
        }
        if (mismatch == null) return calls.size();
        List<List<String>> prefix = calls.subList(0, mismatch.index() + 1);
        List<List<String>> shortest = story.shortest(prefix, protocol, TRIES_MAX);
        var told = new StringBuilder("-Ddifferential.seed=" + seed + ", RESP" + protocol + "\n");
        for (List<String> call : shortest) told.append(Story.shown(call)).append('\n');
        return fail(told.append(mismatch).toString());
    }

    private static List<List<String>> calls(long seed) {
        var dice = new Dice(seed);
        List<Family> families =
                Math.floorMod(seed, EVERY) == 0
                        ? List.of(new TransactionFamily(commands()))
                        : families();
        List<Family> chosen = new ArrayList<>();
        for (int i = 0; i < 4; i++) chosen.add(families.get(dice.below(families.size())));
        List<List<String>> calls = new ArrayList<>();
        while (calls.size() < CALLS) {
            List<String> call = new ArrayList<>(chosen.get(dice.below(4)).next(dice));
            boolean isFree = !call.getFirst().equals("SELECT");
            if (isFree && 1 < call.size() && dice.oneIn(60)) call.removeLast();
            if (isFree && dice.oneIn(60)) call.add(dice.strangeOption());
            calls.add(call);
        }
        return calls;
    }

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        for (Family family : families()) rules.putAll(family.rules());
        return rules;
    }
}

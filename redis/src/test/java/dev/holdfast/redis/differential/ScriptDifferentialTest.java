package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.holdfast.redis.keyspace.Home;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Has a real Redis run the same scripts, and compares every reply.
@Timeout(120)
class ScriptDifferentialTest {
    private static final int CALLS = 1_500;
    private static final List<Family> INNER =
            List.of(new StringFamily(), new ListFamily(), new HashFamily(), new KeyFamily());

    @TempDir Path directory;

    /// Each line of these files is a script of its own; it is run as it is, and caught.
    @ParameterizedTest
    @ValueSource(strings = {"errors.lua", "values.lua", "libraries.lua", "replies.lua"})
    void shouldAnswerAsRedisDoesWhenScriptsAreRunOneByOne(String file) throws Exception {
        List<String> wrong = new ArrayList<>();
        try (RedisProcess process = RedisProcess.start(directory);
                Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient redis = new RespClient(process.port());
                RespClient holdfast = new RespClient(server.port())) {
            for (int protocol = 2; protocol <= 3; protocol++) {
                String version = Integer.toString(protocol);
                redis.call("HELLO", version);
                holdfast.call("HELLO", version);
                for (String line : lines(file))
                    for (String script : List.of(line, caught(line)))
                        compare(List.of(redis, holdfast), script, wrong);
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    private static void compare(List<RespClient> servers, String script, List<String> wrong)
            throws IOException {
        List<String> call = List.of("EVAL", script, "2", "k1", "k2", "a1", "2.5");
        RespValue expected = servers.getFirst().call(call);
        RespValue actual = servers.getLast().call(call);
        if (shown(expected).equals(shown(actual))) return;
        wrong.add(script + "\n  redis:    " + expected + "\n  holdfast: " + actual);
    }

    // Addresses differ from run to run.
    private static String shown(RespValue value) {
        return value.toString().replaceAll("0x[0-9a-f]{6,}", "0x");
    }

    private static String caught(String line) {
        return "local f,e = loadstring([==["
                + line
                + "]==],'=user_script') if not f then return 'C '..e end return {pcall(f, KEYS,"
                + " ARGV)}";
    }

    private static List<String> lines(String file) throws IOException {
        try (InputStream in = ScriptDifferentialTest.class.getResourceAsStream(file)) {
            byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
            return new String(bytes, StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        }
    }

    @Test
    void shouldAnswerAsRedisDoesWhenScriptsCallCommandsAtRandom() throws Exception {
        long seed = Long.getLong("differential.seed", 20_260_101L);
        var dice = new Dice(seed);
        var family = new ScriptFamily(INNER, ScriptFamily.Company.ALONE);
        List<List<String>> calls = new ArrayList<>();
        while (calls.size() < CALLS) calls.add(family.next(dice));
        try (RedisProcess process = RedisProcess.start(directory);
                Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient redis = new RespClient(process.port());
                RespClient holdfast = new RespClient(server.port())) {
            for (int protocol = 2; protocol <= 3; protocol++) {
                // when
                Story.Mismatch mismatch =
                        new Story(redis, holdfast, Map.of()).tell(calls, protocol);
                // then
                assertNull(mismatch, "seed=" + seed);
            }
        }
    }
}

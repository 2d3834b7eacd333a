package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.TestClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What scripts may do to a server, and what a server does with scripts.
@Timeout(120)
class ScriptTest {
    private static final String FOREVER = "while true do end";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local s = 'x' while true do s = s .. s end",
                "local t = {} while true do t[#t + 1] = {} end",
                "local t = {} for i = 1, 1e9 do t[i] = i end",
                "return string.rep('x', 1e9)",
                "local t = {} t[1] = t return cjson.encode(t)",
                "local t = {} t[1] = t return t",
                "local t = {} t[1] = t t[2] = t return t",
                "local function f() return f() + 1 end return f()",
                "local function f() return pcall(f) end return f()",
                "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return"
                        + " t[k] end return t.x",
                "return string.rep('(', 1000):find(string.rep('(', 1000))",
                "return (string.rep('a', 1000)):find(string.rep('a?', 1000) .. 'b')",
                "return loadstring(string.rep('(', 5000))",
                "return loadstring('return ' .. string.rep('{', 5000))",
                "local s = 'return 1' .. string.rep('+1', 20000) return loadstring(s)()",
                "local t = {} for i = 1, 300 do t = {t} end return t",
                "return cmsgpack.unpack(string.rep('\\145', 5000))",
                "return cjson.decode(string.rep('[', 5000))",
                "while true do redis.call('append', 'a', string.rep('x', 1000000)) end",
                "local c = {} while true do c[#c + 1] = coroutine.create(function() end) end",
                "local function f() return coroutine.wrap(f)() end return f()",
            })
    void shouldAnswerAndGoOnWhenAScriptWantsTooMuch(String script) throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port())) {
            client.send("EVAL", script, "0");
            String reply = client.read();

            assertTrue(!reply.isEmpty(), reply);
            client.send("PING");
            client.read();
        }
    }

    @Test
    void shouldEndAScriptWhenItIsKilledUnlessItHasWritten() throws Exception {
        try (var server = new TestServer();
                var client = new TestClient(server.port());
                var other = new TestClient(server.port())) {
            other.send("CONFIG", "SET", "lua-time-limit", "1");
            other.read();
            client.send("EVAL", FOREVER, "0");
            String killed = other.call("SCRIPT", "KILL");
            while (!killed.equals("OK")) killed = other.call("SCRIPT", "KILL");
            assertTrue(client.read().contains("killed"));
            String writing = "redis.call('set', 'a', 1) " + FOREVER;
            client.send("EVAL", writing, "0");
            String answer = other.call("SCRIPT", "KILL");
            while (answer.contains("NOTBUSY") || answer.equals("OK")) {
                if (answer.equals("OK")) { // it had not come to write yet
                    client.read();
                    client.send("EVAL", writing, "0");
                }
                answer = other.call("SCRIPT", "KILL");
            }
            assertTrue(answer.startsWith("-UNKILLABLE"), answer);
            assertTrue(other.call("GET", "a").startsWith("-BUSY"));
            // when
            server.stop(Duration.ofSeconds(4));
            // then
            assertTrue(client.read().contains("the server stops"));
        }
    }
}

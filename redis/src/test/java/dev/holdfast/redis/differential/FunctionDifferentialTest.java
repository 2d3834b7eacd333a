package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.holdfast.redis.keyspace.Home;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Has a real Redis load and call the same functions, and compares every reply.
@Timeout(120)
class FunctionDifferentialTest {
    private static final int CALLS = 1_500;
    private static final String WORLD =
            """
            #!lua name=world
            local names = function(t)
              local found = {}
              for name in pairs(t) do found[#found + 1] = name end
              table.sort(found)
              return found
            end
            local register = redis.register_function
            local version = redis.REDIS_VERSION_NUM
            register('of_redis', function() return names(redis) end)
            register('of_globals', function() return names(_G) end)
            register('of_bit', function() return names(bit) end)
            register('of_cjson', function() return names(cjson) end)
            register('of_cmsgpack', function() return names(cmsgpack) end)
            register('of_struct', function() return names(struct) end)
            register('of_string', function() return names(string) end)
            register('of_table', function() return names(table) end)
            register('of_math', function() return names(math) end)
            register('of_coroutine', function() return names(coroutine) end)
            register('versions', function() return {version, redis.REDIS_VERSION} end)
            register('later', function() return register('x', function() end) end)
            register('global', function() return nosuch end)
            register('assign', function() nosuch = 1 end)
            register('assign_g', function() _G.nosuch = 1 end)
            register('change', function() redis.call = 1 end)
            register('change_string', function() string.x = 1 end)
            register('count', function(...) return select('#', ...) end)
            register('nil_error', function() error() end)
            register('table_error', function() error({err = 'MY no'}) end)
            register('located', function() error('no') end)
            register('level2', function() error('no', 2) end)
            register('keys', function() return KEYS end)
            register('resp3', function() redis.setresp(3) return redis.call('ping') end)
            register('set_repl', function() return redis.set_repl(redis.REPL_NONE) end)
            register('bad_repl', function() return redis.set_repl(9) end)
            register('sha', function(keys) return redis.sha1hex(keys[1]) end)
            register('log', function() return redis.log(redis.LOG_DEBUG, 'x') end)
            register('bad_log', function() return redis.log('x') end)
            register('acl', function() return {redis.acl_check_cmd('get', 'x')} end)
            register('bad_acl', function() return redis.acl_check_cmd('nosuch') end)
            register('status', function() return redis.status_reply('FINE') end)
            register('failure', function() return redis.error_reply('no') end)
            register('replicate', function() return redis.replicate_commands() end)
            register('blpop', function(keys) return redis.call('blpop', keys[1], 0) end)
            register('xread', function(keys)
              return redis.call('xread', 'block', 0, 'streams', keys[1], '$')
            end)
            register('wait', function() return redis.call('wait', 0, 0) end)
            register('subscribe', function() return redis.call('subscribe', 'x') end)
            register('multi', function() return redis.call('multi') end)
            register('eval', function() return redis.call('eval', 'return 1', 0) end)
            register('load', function() return redis.call('function', 'flush') end)
            register('list', function() return redis.call('function', 'list') end)
            register('script', function() return redis.call('script', 'exists', 'x') end)
            register{function_name='reads', flags={'no-writes'}, callback=function(keys)
              return redis.call('set', keys[1], 'x')
            end}
            register{function_name='all', description='Does nothing',
              flags={'allow-cross-slot-keys', 'no-cluster', 'allow-stale', 'allow-oom'},
              callback=redis.log}
            """;

    @TempDir Path directory;

    @Test
    void shouldFindTheSameWorldAsInRedis() throws Exception {
        List<String> wrong = new ArrayList<>();
        try (RedisProcess process = RedisProcess.start(directory);
                Holdfast server = Holdfast.start(Home.Kind.FAKE);
                RespClient redis = new RespClient(process.port());
                RespClient holdfast = new RespClient(server.port())) {
            for (String protocol : List.of("2", "3")) {
                List<List<String>> calls = new ArrayList<>();
                calls.add(List.of("HELLO", protocol));
                calls.add(List.of("FUNCTION", "LOAD", "REPLACE", WORLD));
                calls.add(List.of("FUNCTION", "HELP"));
                calls.add(List.of("FUNCTION", "STATS"));
                for (String name : functions())
                    for (String caller : List.of("FCALL", "FCALL_RO"))
                        calls.add(List.of(caller, name, "1", "k", "a"));
                calls.addAll(transaction());
                for (List<String> call : calls) {
                    RespValue expected = redis.call(call);
                    RespValue actual = holdfast.call(call);
                    boolean isHello = call.getFirst().equals("HELLO");
                    if (!isHello && !expected.equals(actual))
                        wrong.add(call + "\n  redis:    " + expected + "\n  holdfast: " + actual);
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    private static List<String> functions() {
        return WORLD.lines()
                .filter(line -> line.startsWith("register"))
                .map(line -> line.split("'")[1])
                .toList();
    }

    private static List<List<String>> transaction() {
        String other = "#!lua name=other\nredis.register_function('f', function() return 1 end)";
        return List.of(
                List.of("MULTI"),
                List.of("FUNCTION", "LOAD", "REPLACE", other),
                List.of("FCALL", "f", "0"),
                List.of("FUNCTION", "DELETE", "other"),
                List.of("FCALL", "f", "0"),
                List.of("FUNCTION", "STATS"),
                List.of("EXEC"));
    }

    @Test
    void shouldAnswerAsRedisDoesWhenLibrariesComeAndGoAtRandom() throws Exception {
        long seed = Long.getLong("differential.seed", 20_260_201L);
        var dice = new Dice(seed);
        var family =
                new FunctionFamily(List.of(new StringFamily(), new ListFamily(), new HashFamily()));
        List<List<String>> calls = new ArrayList<>();
        while (calls.size() < CALLS) calls.add(family.next(dice));
        try (RedisProcess process = RedisProcess.start(directory);
                Holdfast server = Holdfast.start(Home.Kind.ENGINE);
                RespClient redis = new RespClient(process.port());
                RespClient holdfast = new RespClient(server.port())) {
            for (int protocol = 2; protocol <= 3; protocol++) {
                // when
                Story.Mismatch mismatch =
                        new Story(redis, holdfast, family.rules()).tell(calls, protocol);
                // then
                assertNull(mismatch, "seed=" + seed);
            }
        }
    }
}

package dev.holdfast.redis.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.rdb.DumpPayload;
import dev.holdfast.redis.rdb.RdbOutput;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Libraries of functions that come, go and are called, with calls of other families within.
final class FunctionFamily implements Family {
    private static final int FUNCTIONS_OPCODE = 245;
    private static final int HASH_TYPE = 4;

    private static final String[] BODIES = {
        "return redis.call(unpack(args))",
        "return redis.pcall(unpack(args))",
        "redis.setresp(3) return redis.call(unpack(args))",
        "return {#keys, keys[1] or 'none', #args}",
        "redis.call('set', keys[1], 'before') redis.call(unpack(args)) return 'done'",
        "local ok, e = pcall(redis.call, unpack(args)) return {tostring(ok), type(e)}",
        "return cmsgpack.pack(redis.pcall(unpack(args)))",
        "error('no')",
        "return redis.error_reply('MY no')",
        "return nosuch",
        "nosuch = 1",
        "return redis.call('fcall', 'f1', 0)",
        "return {redis.call('get', keys[1]), redis.sha1hex(args[1])}",
        "return redis.acl_check_cmd(unpack(args))",
        "return redis.register_function('f9', function() end)",
        "return KEYS[1]",
    };

    private static final String[] BROKEN = {
        "",
        "x",
        "#!lua",
        "#!lua\n",
        "#!lua name=l1",
        "#!lua name=l1\n",
        "#!lua name=\n",
        "#!lua name=l-1\n",
        "#!lua name=l1 name=l2\n",
        "#!lua name=l1 x=y\n",
        "#!js name=l1\n",
        "#!lua name='l1\n",
        "#!lua name=l9\nreturn 1",
        "#!lua name=l9\nreturn return",
        "#!lua name=l9\nreturn math.pi",
        "#!lua name=l9\nreturn redis.call('ping')",
        "#!lua name=l9\nx = 1",
        "#!lua name=l9\nredis.x = 1",
        "#!lua name=l9\nredis.register_function()",
        "#!lua name=l9\nredis.register_function('f9')",
        "#!lua name=l9\nredis.register_function('f9', 1)",
        "#!lua name=l9\nredis.register_function({}, function() end)",
        "#!lua name=l9\nredis.register_function('f-9', function() end)",
        "#!lua name=l9\nredis.register_function('f9', function() end, {})",
        "#!lua name=l9\nredis.register_function{function_name='f9'}",
        "#!lua name=l9\nredis.register_function{callback=function() end}",
        "#!lua name=l9\nredis.register_function{function_name='f9', callback=1}",
        "#!lua name=l9\nredis.register_function{function_name='f9', callback=redis.log, flags=1}",
        "#!lua name=l9\nredis.register_function{function_name='f9', callback=redis.log,"
                + " flags={'x'}}",
        "#!lua name=l9\nredis.register_function{function_name='f9', callback=redis.log, x=1}",
        "#!lua name=l9\nredis.register_function('f9', redis.log)"
                + " redis.register_function('f9', redis.log)",
        "#!lua name=l9\nlocal function f() f() end f()",
        "#!lua name=l9\nlocal x = nil .. 'x'",
    };

    private final InnerDraw inner;

    FunctionFamily(List<Family> families) {
        this.inner = new InnerDraw(families);
    }

    // Libraries and functions stand in no order.
    @Override
    public Map<String, Rule> rules() {
        return Map.of("FUNCTION LIST", Rule.UNORDERED_DEEP, "FUNCTION DUMP", Rule.KIND);
    }

    @Override
    public List<String> next(Dice dice) {
        List<String> words = new ArrayList<>();
        if (dice.oneIn(3)) {
            words.add("FUNCTION");
            change(dice, words);
            return words;
        }
        words.add(dice.oneOf("FCALL", "FCALL", "FCALL", "FCALL_RO", "fcall"));
        words.add(dice.oneIn(8) ? dice.oneOf("F1", "f9", "", "nosuch") : function(dice));
        words.add(dice.oneIn(12) ? dice.oneOf("0", "-1", "x", "99") : "1");
        words.add(dice.key("k"));
        words.addAll(inner.next(dice));
        return words;
    }

    private static void change(Dice dice, List<String> words) {
        switch (dice.below(12)) {
            case 0 -> words.addAll(List.of("DELETE", library(dice)));
            case 1 -> {
                if (!dice.oneIn(4)) words.add("STATS");
                else words.addAll(List.of("FLUSH", dice.oneOf("SYNC", "async", "x")));
            }
            case 2 -> words.add(dice.oneOf("DUMP", "KILL", "nosuch"));
            case 3 -> {
                words.add("LIST");
                if (dice.oneIn(2))
                    words.addAll(List.of("LIBRARYNAME", dice.oneOf("l*", "L1", "x")));
                if (dice.oneIn(2)) words.add("WITHCODE");
            }
            case 4 -> words.addAll(List.of("LOAD", dice.oneOf(BROKEN)));
            case 5, 6 -> {
                words.addAll(List.of("RESTORE", payload(dice)));
                if (dice.oneIn(2)) words.add(dice.oneOf("FLUSH", "APPEND", "replace", "x"));
            }
            default -> {
                words.add("LOAD");
                if (!dice.oneIn(3)) words.add("REPLACE");
                words.add(source(dice));
            }
        }
    }

    private static String function(Dice dice) {
        return "f" + dice.below(6);
    }

    private static String library(Dice dice) {
        return "l" + dice.below(4);
    }

    private static String source(Dice dice) {
        var source = new StringBuilder("#!lua name=" + library(dice) + "\n");
        source.append("local function both(keys, args) ")
                .append(dice.oneOf(BODIES))
                .append(" end\n");
        for (int i = dice.below(2); 0 <= i; i--) {
            String name = function(dice);
            if (dice.oneIn(2))
                source.append("redis.register_function('").append(name).append("', both)\n");
            else
                source.append("redis.register_function{function_name='")
                        .append(name)
                        .append("', callback=both, description='d', flags={")
                        .append(dice.oneOf("", "'no-writes'", "'no-writes', 'allow-oom'", "'x'"))
                        .append("}}\n");
        }
        return source.toString();
    }

    private static String payload(Dice dice) {
        if (dice.oneIn(6)) return dice.oneOf("", "abc", "0123456789", "\0\0\0\0\0\0\0\0\0\0");
        var bytes = new ByteArrayOutputStream();
        var out = new RdbOutput(bytes);
        for (int i = dice.below(3); 0 < i; i--) {
            out.u8(dice.oneIn(8) ? HASH_TYPE : FUNCTIONS_OPCODE);
            String source = dice.oneIn(6) ? dice.oneOf(BROKEN) : source(dice);
            out.string(Bytes.wrap(source.getBytes(ISO_8859_1)));
        }
        DumpPayload.end(out);
        return new String(bytes.toByteArray(), ISO_8859_1);
    }
}

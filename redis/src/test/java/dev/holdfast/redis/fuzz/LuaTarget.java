package dev.holdfast.redis.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.holdfast.redis.script.library.BitLibrary;
import dev.holdfast.redis.script.library.GlobalLibrary;
import dev.holdfast.redis.script.library.JsonLibrary;
import dev.holdfast.redis.script.library.Library;
import dev.holdfast.redis.script.library.MathLibrary;
import dev.holdfast.redis.script.library.MessagePackLibrary;
import dev.holdfast.redis.script.library.StructLibrary;
import dev.holdfast.redis.script.library.TableLibrary;
import dev.holdfast.redis.script.library.TextLibrary;
import dev.holdfast.redis.script.lua.Closure;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.Machine;
import dev.holdfast.redis.script.lua.Memory;
import dev.holdfast.redis.script.lua.Prototype;
import dev.holdfast.redis.script.lua.Values;
import dev.holdfast.redis.script.parse.Compiler;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Scripts, and what they hand to the functions of the host. An input is a script; what it has
/// behind the first zero byte it finds in `ARGV[1]`.
///
/// One ends with a result, an error of Lua, its end by the server, or a stack that is too deep.
final class LuaTarget implements Fuzzing.Target {
    private static final long MEMORY_MAX = 8L << 20;
    private static final int BREATHS_MAX = 4;
    private static final List<String> CALLS =
            List.of(
                    "cjson.decode(a)",
                    "cjson.encode(cjson.decode(a))",
                    "cjson.encode({1, 2, {a = a}, [5] = true})",
                    "cjson.encode_sparse_array(true, 2, 3) return cjson.encode({[9] = a})",
                    "cmsgpack.unpack(a)",
                    "cmsgpack.pack(cmsgpack.unpack(a))",
                    "cmsgpack.unpack_one(a, 1)",
                    "cmsgpack.unpack_limit(a, 3, 2)",
                    "struct.unpack(a, a)",
                    "struct.unpack('>I2i4s', a, 2)",
                    "struct.pack(a, 1, 2, a, 4)",
                    "struct.size(a)",
                    "string.format(a, 1, a, 2.5, nil)",
                    "string.format('%5.2f|%-10s|%q|%x|%c', 1, a, a, 3, 4)",
                    "string.rep(a, 1000)",
                    "string.find(a, a)",
                    "string.gsub(a, a, '%1')",
                    "string.gsub('hello world', a, {hello = 1})",
                    "string.match(a, '(.-)%s*$')",
                    "string.byte(a, -5, 10)",
                    "string.sub(a, 2, -2)",
                    "string.char(1, 2, 255)",
                    "table.concat({a, a, 1}, a, 1, 3)",
                    "table.sort({a, 'b', 'c'}, function(x, y) return a end)",
                    "table.insert({}, 2 ^ 31, a)",
                    "unpack({1, 2}, 1, 1e8)",
                    "unpack({a}, -2147483648, 2147483647)",
                    "bit.tohex(bit.bxor(#a, -1), -100)",
                    "bit.lshift(1e300, #a)",
                    "math.random(0, #a - 3)",
                    "math.ldexp(#a, 1e9)",
                    "tonumber(a, 36)",
                    "loadstring(a)",
                    "pcall(loadstring(a) or error)",
                    "load(function() return a end)",
                    "coroutine.wrap(function() coroutine.yield(a) end)()",
                    "setmetatable({}, {__index = function(t, k) return t[k .. a] end}).x",
                    "select(#a - 3, a, a)",
                    "next({}, a)",
                    "rawset({}, a, a)",
                    "tostring(setmetatable({}, {__tostring = function() return a end}))");
    private static final List<String> ARGUMENTS =
            List.of(
                    "{\"a\":[1,2.5e10,null,true,\"\\u00e9\\ud83d\\ude00\"]}",
                    "[[[[[[[[1]]]]]]]]",
                    "\u0093\1\u00a1a\u0081\u00a1k\u00cb\u0040\0\0\0\0\0\0\0",
                    "\u00dd\u00ff\u00ff\u00ff\u00ff",
                    "\u00db\u007f\u00ff\u00ff\u00ff",
                    "%5.2f %s %d %q %i",
                    ">I4i8dfs!4c0B",
                    "^(a*)(%w+)%b()%f[%a]",
                    "c2147483647",
                    "");
    private static final List<String> TOKENS =
            List.of(
                    "return ",
                    "local a = ARGV[1] ",
                    "function ",
                    " end ",
                    "if ",
                    " then ",
                    "while true do ",
                    "for i = 1, 1e9 do ",
                    "repeat ",
                    " until ",
                    "[==[",
                    "]==]",
                    "--[[",
                    "..",
                    "#",
                    "%",
                    "^",
                    "1e308",
                    "0x",
                    "-1",
                    "2147483648",
                    "nil",
                    "...",
                    "{",
                    "}",
                    "(",
                    ")",
                    "[",
                    "]",
                    "\"",
                    "'",
                    "\\255",
                    "pcall(",
                    "a",
                    ", ",
                    "string.rep(",
                    "cjson.decode(",
                    "cmsgpack.unpack(",
                    "struct.pack(",
                    "coroutine.wrap(",
                    "setmetatable(",
                    "error(",
                    "unpack(",
                    "%99999d",
                    "%.99f",
                    "\0",
                    "\u00dd",
                    "\u00df",
                    "!8",
                    "I9",
                    "i16",
                    "s",
                    "\\ud800",
                    "1e999",
                    "*",
                    "-",
                    "?",
                    "%b",
                    "%f",
                    "%1",
                    "goto ",
                    "break ");

    private final LuaTable strings = TextLibrary.table().freeze();
    private final LuaTable stringMetatable =
            Library.shared().with("__index", (Object) strings).table().freeze();
    private final LuaTable globals = globals();

    private LuaTable globals() {
        Library base = Library.shared();
        GlobalLibrary.addTo(base);
        return base.with("bit", BitLibrary.table().freeze())
                .with("cjson", JsonLibrary.table().freeze())
                .with("cmsgpack", MessagePackLibrary.table().freeze())
                .with("coroutine", GlobalLibrary.coroutines().freeze())
                .with("math", MathLibrary.table().freeze())
                .with("string", strings)
                .with("struct", StructLibrary.table().freeze())
                .with("table", TableLibrary.table().freeze())
                .table();
    }

    @Override
    public String name() {
        return "Lua and its host functions";
    }

    @Override
    public List<byte[]> first() {
        return CALLS.stream()
                .flatMap(call -> ARGUMENTS.stream().map(argument -> script(call, argument)))
                .toList();
    }

    private static byte[] script(String call, String argument) {
        return ("local a = ARGV[1] return " + call + "\0" + argument).getBytes(ISO_8859_1);
    }

    @Override
    public List<byte[]> tokens() {
        return Stream.concat(TOKENS.stream(), ARGUMENTS.stream())
                .map(token -> token.getBytes(ISO_8859_1))
                .toList();
    }

    // Each breath may leave as much behind as can be held at once, several times.
    @Override
    public long allocatedMax(int length) {
        return 4L << 30;
    }

    @Override
    public String behaviour(byte[] input) {
        int code = 0;
        while (code < input.length && input[code] != 0) code++;
        var pool = new Memory.Pool(2 * MEMORY_MAX);
        var memory = new Memory(MEMORY_MAX, pool);
        try {
            Prototype body = Compiler.compile(text(input, 0, code), "@fuzz");
            LuaTable own = globals.copy(memory);
            own.set("_G", own);
            var setting = new Machine.Setting(own, stringMetatable, this, new Breaths());
            var machine = new Machine(memory, setting);
            var arguments = new LuaTable(memory, 1, 0);
            arguments.set(1, text(input, Math.min(code + 1, input.length), input.length));
            own.set("ARGV", arguments);
            Object result = Machine.first(machine.call(new Closure(body)));
            if (2 * MEMORY_MAX < memory.used()) throw new AssertionError("holds " + memory.used());
            return "result " + Values.typeOf(result) + roughly(result);
        } catch (LuaError error) {
            LuaString text = Values.stringOrNull(error.value());
            return "error " + Wording.of(text == null ? "?" : text.text());
        } catch (Enough ended) {
            return "ended";
        } catch (StackOverflowError deep) {
            return "too deep";
        } finally {
            memory.release();
            if (pool.taken() != 0) throw new AssertionError("not given back: " + pool.taken());
        }
    }

    private static LuaString text(byte[] input, int from, int to) {
        return LuaString.wrap(Arrays.copyOfRange(input, from, to));
    }

    private static String roughly(Object result) {
        if (result instanceof LuaString text)
            return " " + (32 - Integer.numberOfLeadingZeros(text.text().length()));
        return result instanceof Double || result instanceof Boolean
                ? " " + result.hashCode() % 64
                : "";
    }

    /// The end of a script that has run for long enough.
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1;

        Enough() {
            super("enough", null, false, false);
        }
    }

    /// Lets a script go on for a while.
    private static final class Breaths implements Machine.Watch {
        private int left = BREATHS_MAX;

        @Override
        public void breathe() {
            if (--left < 0) throw new Enough();
        }

        @Override
        public long entropy() {
            return 7;
        }
    }
}

package dev.holdfast.redis.script.library;

import static dev.holdfast.redis.script.lua.HostFunction.one;

import dev.holdfast.redis.script.library.JsonSettings.Strange;
import dev.holdfast.redis.script.lua.Call;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import dev.holdfast.redis.script.lua.NullPointer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// `cjson`: values as JSON. What a script sets of it holds for that run.
public final class JsonLibrary {
    private JsonLibrary() {}

    /// `cjson`.
    public static LuaTable table() {
        return table(call -> call.machine().attached(JsonSettings.class, JsonSettings::new));
    }

    private static LuaTable table(Function<Call, JsonSettings> settings) {
        return Library.shared()
                .with("_NAME", LuaString.of("cjson"))
                .with("_VERSION", LuaString.of("2.1.0"))
                .with("null", NullPointer.NULL)
                .with("decode", call -> decode(call, settings.apply(call)))
                .with("decode_invalid_numbers", call -> readsStrange(call, settings.apply(call)))
                .with("decode_max_depth", call -> readDepth(call, settings.apply(call)))
                .with("encode", call -> encode(call, settings.apply(call)))
                .with("encode_invalid_numbers", call -> writesStrange(call, settings.apply(call)))
                .with("encode_keep_buffer", call -> keepBuffer(call, settings.apply(call)))
                .with("encode_max_depth", call -> writeDepth(call, settings.apply(call)))
                .with("encode_number_precision", call -> digits(call, settings.apply(call)))
                .with("encode_sparse_array", call -> sparse(call, settings.apply(call)))
                .with("new", JsonLibrary::another)
                .table();
    }

    private static @Nullable Object[] another(Call call) {
        var own = new JsonSettings();
        return one(table(_ -> own));
    }

    private static @Nullable Object[] encode(Call call, JsonSettings settings) {
        if (call.count() != 1) throw call.bad(1, "expected 1 argument");
        return one(new JsonWriter(call.machine(), settings).write(call.at(1)));
    }

    private static @Nullable Object[] decode(Call call, JsonSettings settings) {
        if (call.count() != 1) throw call.bad(1, "expected 1 argument");
        return one(new JsonReader(call.machine(), settings, call.string(1)).read());
    }

    private static void checkCount(Call call, int most) {
        if (most < call.count()) throw call.bad(most + 1, "found too many arguments");
    }

    private static int whole(Call call, int index, int least, int most) {
        int value = call.small(index);
        if (value < least || most < value)
            throw call.bad(index, "expected integer between " + least + " and " + most);
        return value;
    }

    private static boolean truth(Call call, int index) {
        if (call.at(index) instanceof Boolean truth) return truth;
        throw call.bad(index, "invalid option '" + call.string(index).text() + "'");
    }

    private static @Nullable Object[] sparse(Call call, JsonSettings settings) {
        checkCount(call, 3);
        if (!call.isNone(1)) settings.convertsSparse = truth(call, 1);
        if (!call.isNone(2)) settings.sparseRatio = whole(call, 2, 0, Integer.MAX_VALUE);
        if (!call.isNone(3)) settings.sparseSafe = whole(call, 3, 0, Integer.MAX_VALUE);
        return new Object[] {
            settings.convertsSparse, (double) settings.sparseRatio, (double) settings.sparseSafe
        };
    }

    private static @Nullable Object[] writeDepth(Call call, JsonSettings settings) {
        checkCount(call, 1);
        if (!call.isNone(1)) settings.writeDepthMax = whole(call, 1, 1, Integer.MAX_VALUE);
        return one((double) settings.writeDepthMax);
    }

    private static @Nullable Object[] readDepth(Call call, JsonSettings settings) {
        checkCount(call, 1);
        if (!call.isNone(1)) settings.readDepthMax = whole(call, 1, 1, Integer.MAX_VALUE);
        return one((double) settings.readDepthMax);
    }

    private static @Nullable Object[] digits(Call call, JsonSettings settings) {
        checkCount(call, 1);
        if (!call.isNone(1)) settings.digits = whole(call, 1, 1, 14);
        return one((double) settings.digits);
    }

    private static @Nullable Object[] keepBuffer(Call call, JsonSettings settings) {
        checkCount(call, 1);
        if (!call.isNone(1)) settings.keepsBuffer = truth(call, 1);
        return one(settings.keepsBuffer);
    }

    private static @Nullable Object[] writesStrange(Call call, JsonSettings settings) {
        checkCount(call, 1);
        if (call.at(1) instanceof LuaString word && word.text().equals("null"))
            settings.strangeWritten = Strange.NULL;
        else if (!call.isNone(1))
            settings.strangeWritten = truth(call, 1) ? Strange.WRITTEN : Strange.REFUSED;
        return switch (settings.strangeWritten) {
            case NULL -> one(LuaString.of("null"));
            case WRITTEN -> one(true);
            case REFUSED -> one(false);
        };
    }

    private static @Nullable Object[] readsStrange(Call call, JsonSettings settings) {
        checkCount(call, 1);
        if (!call.isNone(1)) settings.takesStrange = truth(call, 1);
        return one(settings.takesStrange);
    }
}

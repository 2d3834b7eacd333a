package dev.holdfast.redis.script.library;

import static dev.holdfast.redis.script.lua.HostFunction.one;

import dev.holdfast.redis.script.lua.Call;
import dev.holdfast.redis.script.lua.HostFunction;
import dev.holdfast.redis.script.lua.LuaString;
import dev.holdfast.redis.script.lua.LuaTable;
import java.util.Locale;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;

/// `bit`: operations on the 32 bits of a number.
public final class BitLibrary {
    private static final double TO_BITS = 6755399441055744.0; // 2^52 + 2^51: the sum's low bits

    private BitLibrary() {}

    /// `bit`.
    public static LuaTable table() {
        return Library.shared()
                .with("arshift", shift((x, n) -> x >> n))
                .with("band", fold((x, y) -> x & y))
                .with("bnot", call -> one((double) ~bits(call, 1)))
                .with("bor", fold((x, y) -> x | y))
                .with("bswap", call -> one((double) Integer.reverseBytes(bits(call, 1))))
                .with("bxor", fold((x, y) -> x ^ y))
                .with("lshift", shift((x, n) -> x << n))
                .with("rol", shift(Integer::rotateLeft))
                .with("ror", shift(Integer::rotateRight))
                .with("rshift", shift((x, n) -> x >>> n))
                .with("tobit", call -> one((double) bits(call, 1)))
                .with("tohex", BitLibrary::toHex)
                .table();
    }

    private static int bits(Call call, int index) {
        return (int) Double.doubleToRawLongBits(call.number(index) + TO_BITS);
    }

    private static HostFunction.Body fold(IntBinaryOperator operator) {
        return call -> {
            int result = bits(call, 1);
            for (int i = 2; i <= call.count(); i++)
                result = operator.applyAsInt(result, bits(call, i));
            return one((double) result);
        };
    }

    private static HostFunction.Body shift(IntBinaryOperator operator) {
        return call -> one((double) operator.applyAsInt(bits(call, 1), bits(call, 2) & 31));
    }

    private static @Nullable Object[] toHex(Call call) {
        int bits = bits(call, 1);
        int digits = call.isNone(2) ? 8 : bits(call, 2);
        boolean isUpper = digits < 0;
        int count = Math.min(8, digits == Integer.MIN_VALUE ? 8 : Math.abs(digits));
        String all = String.format(Locale.ROOT, "%08x", bits);
        String shown = all.substring(8 - count);
        return one(LuaString.of(isUpper ? shown.toUpperCase(Locale.ROOT) : shown));
    }
}

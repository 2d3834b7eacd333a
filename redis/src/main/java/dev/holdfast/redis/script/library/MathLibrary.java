package dev.holdfast.redis.script.library;

import static dev.holdfast.redis.script.lua.HostFunction.one;

import dev.holdfast.redis.script.lua.Call;
import dev.holdfast.redis.script.lua.HostFunction;
import dev.holdfast.redis.script.lua.LuaError;
import dev.holdfast.redis.script.lua.LuaTable;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/// `math`, with the generator of Redis. Each run starts from a seed of its own.
public final class MathLibrary {
    private MathLibrary() {}

    /// `math`.
    public static LuaTable table() {
        return Library.shared()
                .with("abs", of(Math::abs))
                .with("acos", of(Math::acos))
                .with("asin", of(Math::asin))
                .with("atan", of(Math::atan))
                .with("atan2", of(Math::atan2))
                .with("ceil", of(Math::ceil))
                .with("cos", of(Math::cos))
                .with("cosh", of(Math::cosh))
                .with("deg", of(x -> x / (Math.PI / 180)))
                .with("exp", of(Math::exp))
                .with("floor", of(Math::floor))
                .with("fmod", of((x, y) -> x % y))
                .with("frexp", MathLibrary::frexp)
                .with("huge", (Object) Double.POSITIVE_INFINITY)
                .with("ldexp", MathLibrary::ldexp)
                .with("log", of(Math::log))
                .with("log10", of(Math::log10))
                .with("max", MathLibrary::max)
                .with("min", MathLibrary::min)
                .with("mod", of((x, y) -> x % y))
                .with("modf", MathLibrary::modf)
                .with("pi", (Object) Math.PI)
                .with("pow", of(Math::pow))
                .with("rad", of(x -> x * (Math.PI / 180)))
                .with("random", MathLibrary::random)
                .with("randomseed", MathLibrary::seed)
                .with("sin", of(Math::sin))
                .with("sinh", of(Math::sinh))
                .with("sqrt", of(Math::sqrt))
                .with("tan", of(Math::tan))
                .with("tanh", of(Math::tanh))
                .table();
    }

    /// The generator of 48 bits that Redis gives scripts. Not thread-safe.
    private static final class Random48 {
        private static final long MASK = (1L << 48) - 1;
        private static final long LARGEST = Integer.MAX_VALUE;

        private long state;

        Random48(int seed) {
            seed(seed);
        }

        void seed(int seed) {
            state = Integer.toUnsignedLong(seed) << 16 | 0x330e;
        }

        double next() {
            state = state * 0x5deece66dL + 0xb & MASK;
            return (double) ((state >>> 17) % LARGEST) / LARGEST;
        }
    }

    private static Random48 random48(Call call) {
        return call.machine()
                .attached(Random48.class, () -> new Random48((int) call.machine().entropy()));
    }

    private static HostFunction.Body of(DoubleUnaryOperator function) {
        return call -> one(function.applyAsDouble(call.number(1)));
    }

    private static HostFunction.Body of(DoubleBinaryOperator function) {
        return call -> one(function.applyAsDouble(call.number(1), call.number(2)));
    }

    private static @Nullable Object[] frexp(Call call) {
        double number = call.number(1);
        if (number == 0 || Double.isNaN(number) || Double.isInfinite(number))
            return new Object[] {number, 0.0};
        int exponent = Math.getExponent(number) + 1;
        if (Math.abs(number) < Double.MIN_NORMAL)
            exponent = Math.getExponent(number * 0x1p54) + 1 - 54;
        double fraction = number * Math.pow(2, -Math.max(exponent, -1000));
        if (exponent < -1000) fraction *= Math.pow(2, -1000.0 - exponent);
        return new Object[] {fraction, (double) exponent};
    }

    private static @Nullable Object[] ldexp(Call call) {
        return one(Math.scalb(call.number(1), call.small(2)));
    }

    private static @Nullable Object[] modf(Call call) {
        double number = call.number(1);
        double whole = number < 0 ? Math.ceil(number) : Math.floor(number);
        double fraction = Double.isInfinite(number) ? 0 : number - whole;
        return new Object[] {whole, Math.copySign(fraction, number)};
    }

    private static @Nullable Object[] max(Call call) {
        double largest = call.number(1);
        for (int i = 2; i <= call.count(); i++)
            if (largest < call.number(i)) largest = call.number(i);
        return one(largest);
    }

    private static @Nullable Object[] min(Call call) {
        double least = call.number(1);
        for (int i = 2; i <= call.count(); i++) if (call.number(i) < least) least = call.number(i);
        return one(least);
    }

    private static @Nullable Object[] random(Call call) {
        double drawn = random48(call).next();
        switch (call.count()) {
            case 0 -> {
                return one(drawn);
            }
            case 1 -> {
                int most = call.small(1);
                if (most < 1) throw call.bad(1, "interval is empty");
                return one(Math.floor(drawn * most) + 1);
            }
            case 2 -> {
                int least = call.small(1);
                int most = call.small(2);
                if (most < least) throw call.bad(2, "interval is empty");
                return one(Math.floor(drawn * (most - least + 1)) + least);
            }
            default -> throw LuaError.located("wrong number of arguments");
        }
    }

    private static @Nullable Object[] seed(Call call) {
        random48(call).seed(call.small(1));
        return HostFunction.NOTHING;
    }
}

package dev.holdfast.redis.script.lua;

import org.jspecify.annotations.Nullable;

/// A function written by the host.
///
/// @param name for those who look for it in the code; scripts call it as they like
public record HostFunction(String name, Body body) implements LuaFunction {
    /// No results.
    public static final @Nullable Object[] NOTHING = {};

    /// What the function does.
    @FunctionalInterface
    public interface Body {
        /// Returns the results. Throws `LuaError`.
        @Nullable Object[] call(Call call);
    }

    /// One result, or nil.
    public static @Nullable Object[] one(@Nullable Object result) {
        return new @Nullable Object[] {result};
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}

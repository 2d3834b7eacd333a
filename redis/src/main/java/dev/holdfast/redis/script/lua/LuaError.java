package dev.holdfast.redis.script.lua;

import org.jspecify.annotations.Nullable;

/// An error of Lua under way to whoever catches it: any value.
///
/// It carries no stack: a script that fails is an answer, not an accident.
public final class LuaError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable Object value;
    private final Place place;
    private transient Machine.@Nullable Where where;

    /// Whether the error still gets the place where it happened in front.
    private enum Place {
        /// If Lua itself made it, not a function of the host.
        IF_IN_LUA,
        /// That of who called the function of the host.
        OF_CALLER,
        /// No more.
        TOLD
    }

    /// An error with `text`, in front of which the place comes if it happened in Lua.
    public LuaError(String text) {
        this(text, Place.IF_IN_LUA);
    }

    private LuaError(String text, Place place) {
        super(text, null, false, false);
        this.value = LuaString.of(text);
        this.place = place;
    }

    /// An error with `text` in a function of the host, in front of which the place of its caller
    /// comes.
    public static LuaError located(String text) {
        return new LuaError(text, Place.OF_CALLER);
    }

    /// This error as it leaves a function of the host.
    LuaError fromHost() {
        return place == Place.IF_IN_LUA ? bare(getMessage()).at(where) : this;
    }

    private LuaError(@Nullable Object value) {
        super(String.valueOf(value), null, false, false);
        this.value = value;
        this.place = Place.TOLD;
    }

    /// An error that is just `value`.
    public static LuaError of(@Nullable Object value) {
        return new LuaError(value);
    }

    /// An error with `text` and nothing in front.
    public static LuaError bare(String text) {
        return new LuaError((Object) LuaString.of(text));
    }

    /// What was thrown.
    public @Nullable Object value() {
        return value;
    }

    /// Where it was thrown; null if that is not known.
    public Machine.@Nullable Where where() {
        return where;
    }

    /// Notes where it was thrown, unless that is known already.
    LuaError at(Machine.@Nullable Where thrown) {
        if (where == null) where = thrown;
        return this;
    }

    /// This error with the place in front, if it still wants it.
    LuaError placed(String prefix, Machine.@Nullable Where thrown) {
        if (place == Place.TOLD) return at(thrown);
        return new LuaError((Object) LuaString.of(prefix + getMessage())).at(thrown);
    }
}

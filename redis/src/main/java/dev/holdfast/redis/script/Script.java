package dev.holdfast.redis.script;

import dev.holdfast.redis.script.lua.Prototype;
import java.util.Set;

/// A script that was compiled. Immutable.
///
/// @param name the hash of its source, or the name of a function
/// @param bytes about how much memory it takes
public record Script(String name, Prototype body, Terms terms, long bytes) {
    /// What holds for its runs.
    ///
    /// @param isDeclared false if it has no line that says what flags it has: then it may do what
    ///   scripts could before there were flags
    public record Terms(Set<ScriptFlag> flags, boolean isDeclared) {
        public Terms {
            flags = Set.copyOf(flags);
        }

        /// Those of a script that says nothing of itself.
        static final Terms UNDECLARED = new Terms(Set.of(), false);
    }
}

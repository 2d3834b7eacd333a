package dev.holdfast.redis.script;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.script.lua.Prototype;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A library of functions that was compiled, and has said which functions it has. Immutable.
///
/// @param body registers the functions when it runs
record FunctionLibrary(LibrarySource source, Prototype body, List<Entry> functions) {
    /// A function of a library.
    ///
    /// @param description null if it has none
    record Entry(String name, @Nullable Bytes description, Set<ScriptFlag> flags) {
        Entry {
            flags = Set.copyOf(flags);
        }
    }

    FunctionLibrary {
        functions = List.copyOf(functions);
    }

    String name() {
        return source.name();
    }
}

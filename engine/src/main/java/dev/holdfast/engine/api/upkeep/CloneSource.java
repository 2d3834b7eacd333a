package dev.holdfast.engine.api.upkeep;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a clone takes over: a database in the same store, at one moment, or the keys `[start, end)`
/// of it.
///
/// ```java
/// CloneSource whole = CloneSource.of("production");
/// CloneSource part = CloneSource.of("production").keys(Bytes.utf8("a"), Bytes.utf8("n"));
/// ```
///
/// @param path of the database, empty for the store's root
/// @param checkpoint whose moment it is; null for the newest
/// @param start null for an open start
/// @param end null for an open end
public record CloneSource(
        String path, @Nullable UUID checkpoint, @Nullable Bytes start, @Nullable Bytes end) {
    public CloneSource {
        require(
                start == null || end == null || start.compareTo(end) < 0,
                "no key can lie in the range of `%s`",
                path);
    }

    /// All of the database at `path`, as it is now.
    public static CloneSource of(String path) {
        return new CloneSource(path, null, null, null);
    }

    /// The same at the moment of `checkpoint`.
    public CloneSource at(UUID checkpoint) {
        return new CloneSource(path, checkpoint, start, end);
    }

    /// Only the keys from `start` on, up to but without `end`; null for an open bound.
    public CloneSource keys(@Nullable Bytes start, @Nullable Bytes end) {
        return new CloneSource(path, checkpoint, start, end);
    }

    /// True if no key is left out.
    public boolean isWhole() {
        return start == null && end == null;
    }
}

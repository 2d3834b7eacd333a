package dev.holdfast.format.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FormatException;
import org.jspecify.annotations.Nullable;

/// One end of a range of keys.
///
/// @param key null where the range is open
public record Bound(Kind kind, @Nullable Bytes key) {
    /// No end at all.
    public static final Bound OPEN = new Bound(Kind.UNBOUNDED, null);

    /// Whether there is an end, and whether its key belongs to the range.
    public enum Kind {
        UNBOUNDED,
        INCLUDED,
        EXCLUDED;

        private static final Kind[] ALL = values();

        int id() {
            return ordinal() + 1;
        }

        static Kind of(int id) {
            FormatException.require(1 <= id && id <= ALL.length, "bound kind unknown. id", id);
            return ALL[id - 1];
        }
    }

    public Bound {
        FormatException.require(
                (kind == Kind.UNBOUNDED) == (key == null), "bound has no key, or one too many");
    }
}

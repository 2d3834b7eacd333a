package dev.holdfast.engine.copy;

import dev.holdfast.base.Ulid;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Names of tables that are made for a clone: the same however often its making is repeated, so
/// that what an earlier attempt left behind is what a later one needs.
final class DerivedIds {
    private DerivedIds() {}

    /// The name for what `text` describes, under the checkpoint that `hold` names, at `timeMillis`.
    static Ulid of(UUID hold, String text, long timeMillis) {
        UUID hash = UUID.nameUUIDFromBytes((hold + " " + text).getBytes(StandardCharsets.UTF_8));
        long high = timeMillis << 16 | hash.getMostSignificantBits() >>> 48;
        return new Ulid(high, hash.getLeastSignificantBits());
    }
}

package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A piece of a value, which makes sense by itself: a value is told piece by piece, so that nobody
/// has to hold it as a whole.
public sealed interface RdbPart {
    /// What a piece takes beside its bytes, as far as anybody counts.
    int OVERHEAD = 32;

    /// About how many bytes it takes.
    long weight();

    /// The next bytes of a string.
    record Piece(Bytes bytes) implements RdbPart {
        @Override
        public long weight() {
            return OVERHEAD + bytes.length();
        }
    }

    /// The next element of a list, or a member of a set.
    record Element(Bytes value) implements RdbPart {
        @Override
        public long weight() {
            return OVERHEAD + value.length();
        }
    }

    /// A field of a hash.
    record Field(Bytes name, Bytes value) implements RdbPart {
        @Override
        public long weight() {
            return OVERHEAD + name.length() + (long) value.length();
        }
    }

    /// A member of a sorted set.
    record Scored(Bytes member, double score) implements RdbPart {
        @Override
        public long weight() {
            return OVERHEAD + member.length();
        }
    }

    /// The next entry of a stream: fields and values in turn.
    record Entry(StreamPoint id, List<Bytes> fields) implements RdbPart {
        @Override
        public long weight() {
            long bytes = OVERHEAD;
            for (Bytes field : fields) bytes += OVERHEAD + field.length();
            return bytes;
        }
    }

    /// What else is known of a stream, after its entries.
    ///
    /// @param deleted the greatest id that was deleted
    /// @param added how many entries there ever were
    record StreamState(StreamPoint last, StreamPoint deleted, long added) implements RdbPart {
        @Override
        public long weight() {
            return OVERHEAD;
        }
    }

    /// A consumer group, before all that belongs to it.
    ///
    /// @param read how many entries it has read, -1 if nobody knows; null where the form of the
    ///   snapshot does not tell
    record Group(Bytes name, StreamPoint delivered, @Nullable Long read) implements RdbPart {
        @Override
        public long weight() {
            return OVERHEAD + name.length();
        }
    }

    /// An entry that is pending in a group, of whom is told later.
    record Pending(Bytes group, StreamPoint id, long deliveredMillis, long deliveries)
            implements RdbPart {
        @Override
        public long weight() {
            return OVERHEAD;
        }
    }

    /// A consumer of a group.
    record Consumer(Bytes group, Bytes name, long seenMillis) implements RdbPart {
        @Override
        public long weight() {
            return OVERHEAD + name.length();
        }
    }

    /// Whose a pending entry is.
    record Owned(Bytes group, Bytes consumer, StreamPoint id) implements RdbPart {
        @Override
        public long weight() {
            return OVERHEAD;
        }
    }
}

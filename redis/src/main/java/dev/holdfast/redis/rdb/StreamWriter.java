package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Writes a stream in the form that [StreamReader] reads, part by part in this order: entries,
/// state, then for each group the group, what is pending in it, and its consumers with what is
/// theirs. Not thread-safe.
public final class StreamWriter {
    /// The form in which streams are written.
    public static final RdbType TYPE = RdbType.STREAM_LISTPACKS_2;

    private final RdbOutput out;

    public StreamWriter(RdbOutput out) {
        this.out = out;
    }

    /// All entries of a stream in their order, the same at each walk.
    public interface Walk {
        /// Shows each to `visitor`.
        void visit(Consumer<RdbPart.Entry> visitor);
    }

    /// How much there is of a stream.
    public record Counts(long entries, long groups) {}

    /// Writes the entries that `walk` shows. It is walked twice, since the number of blocks stands
    /// before them.
    public void entries(Walk walk) {
        var blocks = new AtomicLong();
        var counted = new StreamBlock();
        walk.visit(entry -> {
            if (counted.isFullFor(entry)) counted.clear();
            if (counted.isEmpty()) blocks.incrementAndGet();
            counted.add(entry);
        });
        out.length(blocks.get());
        var block = new StreamBlock();
        walk.visit(entry -> {
            if (block.isFullFor(entry)) block.writeTo(out);
            block.add(entry);
        });
        if (!block.isEmpty()) block.writeTo(out);
    }

    /// Writes what else is known of the stream, whose first entry is `first`.
    public void state(RdbPart.StreamState state, StreamPoint first, Counts counts) {
        out.length(counts.entries());
        point(state.last());
        point(first);
        point(state.deleted());
        out.length(state.added());
        out.length(counts.groups());
    }

    /// Writes a group, in which `pending` entries are pending.
    public void group(Bytes name, StreamPoint delivered, long read, long pending) {
        out.string(name);
        point(delivered);
        out.length(read);
        out.length(pending);
    }

    /// Writes an entry that is pending.
    public void pending(StreamPoint id, long deliveredMillis, long deliveries) {
        out.raw(id);
        out.le64(deliveredMillis);
        out.length(deliveries);
    }

    /// Writes how many consumers a group has.
    public void consumers(long count) {
        out.length(count);
    }

    /// Writes a consumer, to whom `pending` entries are pending.
    public void consumer(Bytes name, long seenMillis, long pending) {
        out.string(name);
        out.le64(seenMillis);
        out.length(pending);
    }

    /// Writes which entry is pending to the consumer.
    public void owned(StreamPoint id) {
        out.raw(id);
    }

    private void point(StreamPoint id) {
        out.length(id.millis());
        out.length(id.sequence());
    }
}

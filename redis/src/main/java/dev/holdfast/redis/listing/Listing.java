package dev.holdfast.redis.listing;

import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.ReplyWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The elements of an answer, which are shown one after another and need not be held together.
///
/// Every walk over them shows the same elements, as long as the run that they belong to is open.
///
/// @param counter tells how many there are, if that must be known beforehand
/// @param instead what is answered instead of any elements; null if they are
public record Listing(Shape shape, LongSupplier counter, Walk walk, @Nullable Reply instead) {
    /// What is held of an answer before it counts as long.
    private static final long SHORT_BYTES_MAX = 256 * 1024;

    /// Shows all elements, in order, as long as the visitor takes them.
    @FunctionalInterface
    public interface Walk {
        void visit(Visitor visitor);
    }

    /// Takes elements one by one.
    @FunctionalInterface
    public interface Visitor {
        /// Takes one, and tells whether it takes more.
        boolean take(Reply element);
    }

    /// Elements whose number is known, or can be found.
    public static Listing of(Shape shape, LongSupplier counter, Walk walk) {
        return new Listing(shape, counter, walk, null);
    }

    /// Elements whose number only a walk can tell.
    public static Listing uncounted(Shape shape, Walk walk) {
        return new Listing(shape, () -> counted(walk), walk, null);
    }

    /// No elements, but another answer.
    public static Listing instead(Reply reply) {
        return new Listing(Shape.ARRAY, () -> 0, _ -> {}, reply);
    }

    /// The whole answer. An error if it is more than may be held at once.
    public Reply gather(Keyspace keyspace) {
        if (instead != null) return instead;
        List<Reply> elements = new ArrayList<>();
        walk.visit(element -> {
            keyspace.hold(element.heldBytes());
            return elements.add(element);
        });
        return shape.reply(elements);
    }

    /// The whole answer if it is short, else null.
    public @Nullable Reply gatherIfShort() {
        if (instead != null) return instead;
        List<Reply> elements = new ArrayList<>();
        long[] left = {SHORT_BYTES_MAX};
        walk.visit(element -> {
            elements.add(element);
            left[0] -= element.heldBytes();
            return 0 <= left[0];
        });
        return 0 <= left[0] ? shape.reply(elements) : null;
    }

    /// Writes the answer to `out`, as far as `going` lets it, which is asked behind each element.
    public void writeTo(ReplyWriter out, Going going) {
        shape.writeHead(out, counter.getAsLong());
        long[] index = {0};
        walk.visit(element -> {
            shape.writeBefore(out, index[0]++);
            element.writeTo(out);
            return going.on();
        });
    }

    /// Whether a walk goes on.
    @FunctionalInterface
    public interface Going {
        boolean on();
    }

    private static long counted(Walk walk) {
        long[] counted = {0};
        walk.visit(_ -> 0 < ++counted[0]);
        return counted[0];
    }
}

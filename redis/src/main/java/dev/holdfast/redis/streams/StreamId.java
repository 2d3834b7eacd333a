package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.resp.RespError;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The id of an entry of a stream: milliseconds, and a sequence among those of one millisecond;
/// both unsigned.
record StreamId(long millis, long sequence) implements Comparable<StreamId> {
    static final StreamId ZERO = new StreamId(0, 0);
    static final StreamId MAX = new StreamId(-1, -1);
    static final int BYTES = 2 * Long.BYTES;
    static final String INVALID = "ERR Invalid stream ID specified as stream command argument";

    private static final int TEXT_MAX = 127;

    /// The id that `word` spells, with `sequence` where it names none; `-` and `+` are the least
    /// and the greatest. An error if it spells none.
    static StreamId parse(Bytes word, long sequence) {
        String text = word.length() <= TEXT_MAX ? word.toUtf8() : "";
        if (text.equals("-")) return ZERO;
        if (text.equals("+")) return MAX;
        return parseStrictly(word, sequence);
    }

    /// Like [#parse], but `-` and `+` are none.
    static StreamId parseStrictly(Bytes word, long sequence) {
        String text = word.length() <= TEXT_MAX ? word.toUtf8() : "";
        int dash = text.indexOf('-');
        Long millis = number(dash < 0 ? text : text.substring(0, dash));
        Long second = dash < 0 ? Long.valueOf(sequence) : number(text.substring(dash + 1));
        if (millis == null || second == null) throw new RespError(INVALID);
        return new StreamId(millis, second);
    }

    /// An unsigned number of 64 bits, zeros and a plus sign in front of it or not; null if it is
    /// none.
    static @Nullable Long number(String text) {
        if (!text.matches("\\+?\\d{1,60}")) return null;
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException tooLarge) {
            return null;
        }
    }

    /// The least id above this one; null if this is the greatest.
    @Nullable StreamId next() {
        if (sequence != -1) return new StreamId(millis, sequence + 1);
        return millis == -1 ? null : new StreamId(millis + 1, 0);
    }

    /// The greatest id below this one; null if this is the least.
    @Nullable StreamId previous() {
        if (sequence != 0) return new StreamId(millis, sequence - 1);
        return millis == 0 ? null : new StreamId(millis - 1, -1);
    }

    boolean isZero() {
        return millis == 0 && sequence == 0;
    }

    boolean isBelow(StreamId other) {
        return compareTo(other) < 0;
    }

    boolean isAbove(StreamId other) {
        return 0 < compareTo(other);
    }

    Reply reply() {
        return Reply.bulk(toString());
    }

    void putTo(ByteBuffer out) {
        out.putLong(millis).putLong(sequence);
    }

    static StreamId getFrom(ByteBuffer in) {
        return new StreamId(in.getLong(), in.getLong());
    }

    @Override
    public int compareTo(StreamId other) {
        int order = Long.compareUnsigned(millis, other.millis);
        return order != 0 ? order : Long.compareUnsigned(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
    }
}

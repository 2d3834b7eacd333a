package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The elements of a value that Redis packs into one string, one after another. Null marks the end.
/// Not thread-safe.
interface PackedElements {
    /// The next element; null at the end, where all of the string has been looked at.
    @Nullable Bytes next();

    /// The next element, which must be there.
    default Bytes required(PackedBytes in) {
        Bytes element = next();
        if (element == null) throw in.damaged("element missing");
        return element;
    }

    /// A number in decimal.
    static Bytes text(long value) {
        return Bytes.utf8(Long.toString(value));
    }

    /// The elements of a zipmap: fields and values in turn.
    ///
    /// ```
    /// | count u8 | (length | field | length | unused u8 | value | unused bytes)* | ff |
    /// ```
    static List<Bytes> ofZipmap(PackedBytes in) {
        List<Bytes> elements = new ArrayList<>();
        in.u8(); // the count is not kept where there are many
        while (in.peek() != 0xff) {
            elements.add(in.take(zipmapLength(in)));
            long length = zipmapLength(in);
            int unused = in.u8();
            elements.add(in.take(length));
            in.skip(unused);
        }
        in.u8();
        if (0 < in.left()) throw in.damaged("zipmap goes on behind its end");
        return elements;
    }

    private static long zipmapLength(PackedBytes in) {
        int length = in.u8();
        if (length == 0xff) throw in.damaged("zipmap field without value");
        return length == 0xfe ? in.unsigned(Integer.BYTES) : length;
    }
}

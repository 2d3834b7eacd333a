package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import org.jspecify.annotations.Nullable;

/// The elements of a listpack.
///
/// ```
/// | bytes u32 | elements u16 | (form and element | bytes of these)* | ff |
/// ```
final class Listpack implements PackedElements {
    static final int HEAD_BYTES = Integer.BYTES + Short.BYTES;
    static final int END = 0xff;
    static final int COUNT_UNKNOWN = 0xffff;

    private final PackedBytes in;
    private final long announced;
    private long found;
    private boolean isAtEnd;

    Listpack(PackedBytes in) {
        this.in = in;
        if (in.unsigned(Integer.BYTES) != in.length())
            throw in.damaged("listpack of another length");
        this.announced = in.unsigned(Short.BYTES);
    }

    @Override
    public @Nullable Bytes next() {
        if (isAtEnd) return null;
        if (in.peek() == END) {
            in.u8();
            isAtEnd = true;
            boolean isWrong = announced != COUNT_UNKNOWN && announced != found;
            if (0 < in.left() || isWrong) throw in.damaged("listpack ends elsewhere");
            return null;
        }
        int start = in.position();
        Bytes element = element(in.u8());
        checkBackLength(in.position() - start);
        found++;
        return element;
    }

    /// The next element as a number, which it must be.
    long number() {
        Bytes element = required(in);
        try {
            return Long.parseLong(element.toUtf8());
        } catch (NumberFormatException none) {
            throw in.damaged("listpack number expected");
        }
    }

    /// The next element, which must be there.
    Bytes required() {
        return required(in);
    }

    private Bytes element(int form) {
        if (form < 0x80) return PackedElements.text(form);
        if (form < 0xc0) return in.take(form & 0x3f);
        if (form < 0xe0) {
            int bits = (form & 0x1f) << 8 | in.u8();
            return PackedElements.text(bits << 19 >> 19); // thirteen bits, signed
        }
        if (form < 0xf0) return in.take((form & 0xf) << 8 | in.u8());
        return switch (form) {
            case 0xf0 -> in.take(in.unsigned(Integer.BYTES));
            case 0xf1 -> PackedElements.text(in.little(2));
            case 0xf2 -> PackedElements.text(in.little(3));
            case 0xf3 -> PackedElements.text(in.little(4));
            case 0xf4 -> PackedElements.text(in.little(8));
            default -> throw in.damaged("listpack form unknown");
        };
    }

    private void checkBackLength(int length) {
        long told = 0;
        for (int i = 0; i < backBytes(length); i++) told = told << 7 | in.u8() & 0x7f;
        if (told != length) throw in.damaged("listpack element of another length");
    }

    /// How many bytes say, behind an element of `length` bytes, how long it is: seven bits each,
    /// greatest first, all but the first with the high bit set. The bounds are those of Redis.
    static int backBytes(long length) {
        if (length <= 127) return 1;
        if (length < 16_383) return 2;
        if (length < 2_097_151) return 3;
        return length < 268_435_455 ? 4 : 5;
    }
}

package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import org.jspecify.annotations.Nullable;

/// The elements of a ziplist, as Redis wrote them up to version 6.
///
/// ```
/// | bytes u32 | place of the last u32 | elements u16 | (bytes before | form | element)* | ff |
/// ```
final class Ziplist implements PackedElements {
    private static final int END = 0xff;
    private static final int LONG_BEFORE = 0xfe;
    private static final int COUNT_UNKNOWN = 0xffff;

    private final PackedBytes in;
    private final long announced;
    private long found;
    private long before;
    private boolean isAtEnd;

    Ziplist(PackedBytes in) {
        this.in = in;
        if (in.unsigned(Integer.BYTES) != in.length())
            throw in.damaged("ziplist of another length");
        in.skip(Integer.BYTES);
        this.announced = in.unsigned(Short.BYTES);
    }

    @Override
    public @Nullable Bytes next() {
        if (isAtEnd) return null;
        int start = in.position();
        int first = in.u8();
        if (first == END) {
            isAtEnd = true;
            boolean isWrong = announced != COUNT_UNKNOWN && announced != found;
            if (0 < in.left() || isWrong) throw in.damaged("ziplist ends elsewhere");
            return null;
        }
        long lengthBefore = first == LONG_BEFORE ? in.unsigned(Integer.BYTES) : first;
        if (lengthBefore != before) throw in.damaged("ziplist element of another length");
        Bytes element = element(in.u8());
        before = in.position() - start;
        found++;
        return element;
    }

    private Bytes element(int form) {
        if (form < 0x40) return in.take(form);
        if (form < 0x80) return in.take((form & 0x3f) << 8 | in.u8());
        if (0xf1 <= form && form <= 0xfd) return PackedElements.text((form & 0xf) - 1);
        return switch (form) {
            case 0x80 -> in.take(in.big(Integer.BYTES));
            case 0xc0 -> PackedElements.text(in.little(2));
            case 0xd0 -> PackedElements.text(in.little(4));
            case 0xe0 -> PackedElements.text(in.little(8));
            case 0xf0 -> PackedElements.text(in.little(3));
            case 0xfe -> PackedElements.text(in.little(1));
            default -> throw in.damaged("ziplist form unknown");
        };
    }
}

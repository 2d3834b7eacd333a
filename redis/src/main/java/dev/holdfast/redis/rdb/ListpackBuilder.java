package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import java.io.ByteArrayOutputStream;

/// Makes a listpack of elements. Not thread-safe.
final class ListpackBuilder {
    private static final int STRING_6_END = 1 << 6;
    private static final int STRING_12_END = 1 << 12;
    private static final int INT_13_END = 1 << 12;

    private final ByteArrayOutputStream elements = new ByteArrayOutputStream();
    private int count;

    /// One more element, in fewer bytes if it is an integer.
    void add(Bytes element) {
        Long integer = RdbOutput.integerOrNull(element);
        if (integer != null) {
            add(integer);
            return;
        }
        int start = elements.size();
        int length = element.length();
        if (length < STRING_6_END) elements.write(0x80 | length);
        else if (length < STRING_12_END) {
            elements.write(0xe0 | length >> Byte.SIZE);
            elements.write(length);
        } else {
            elements.write(0xf0);
            little(length, Integer.BYTES);
        }
        elements.write(element.array(), element.offset(), length);
        end(start);
    }

    /// One more element, which is a number.
    void add(long value) {
        int start = elements.size();
        if (0 <= value && value < 0x80) elements.write((int) value);
        else if (-INT_13_END <= value && value < INT_13_END) {
            elements.write(0xc0 | (int) (value >> Byte.SIZE) & 0x1f);
            elements.write((int) value);
        } else if (value == (short) value) number(0xf1, value, 2);
        else if (value == value << 40 >> 40) number(0xf2, value, 3);
        else if (value == (int) value) number(0xf3, value, 4);
        else number(0xf4, value, 8);
        end(start);
    }

    /// All of it.
    Bytes build() {
        byte[] built = new byte[Listpack.HEAD_BYTES + elements.size() + 1];
        int told = Math.min(count, Listpack.COUNT_UNKNOWN);
        for (int i = 0; i < Integer.BYTES; i++) built[i] = (byte) (built.length >> Byte.SIZE * i);
        for (int i = 0; i < Short.BYTES; i++)
            built[Integer.BYTES + i] = (byte) (told >> Byte.SIZE * i);
        System.arraycopy(elements.toByteArray(), 0, built, Listpack.HEAD_BYTES, elements.size());
        built[built.length - 1] = (byte) Listpack.END;
        return Bytes.wrap(built);
    }

    private void number(int form, long value, int bytes) {
        elements.write(form);
        little(value, bytes);
    }

    private void little(long value, int bytes) {
        for (int i = 0; i < bytes; i++) elements.write((int) (value >> Byte.SIZE * i));
    }

    private void end(int start) {
        long length = elements.size() - start;
        int bytes = Listpack.backBytes(length);
        for (int i = bytes - 1; 0 <= i; i--) {
            int seven = (int) (length >> 7 * i) & 0x7f;
            elements.write(i == bytes - 1 ? seven : seven | 0x80);
        }
        count++;
    }
}

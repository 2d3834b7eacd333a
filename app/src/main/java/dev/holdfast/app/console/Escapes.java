package dev.holdfast.app.console;

import dev.holdfast.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Bytes as text that a person can read and type: UTF-8 as it is, all else escaped.
///
/// `\\` is a backslash, `\n`, `\r`, `\t` and `\0` are what they are elsewhere, `\xNN` is one byte.
/// What [#show] writes, [#read] reads back.
public final class Escapes {
    private static final String NAMES = "nrt0\\";
    private static final String MEANINGS = "\n\r\t\0\\";

    private Escapes() {}

    /// The text for `bytes`.
    public static String show(Bytes bytes) {
        String text = utf8OrNull(bytes);
        var shown = new StringBuilder();
        if (text != null) text.codePoints().forEach(c -> appendChar(shown, c));
        else for (int i = 0; i < bytes.length(); i++) appendByte(shown, bytes.at(i) & 0xff);
        return shown.toString();
    }

    /// The bytes that `text` stands for. Throws [IllegalArgumentException] at an escape that is
    /// none.
    public static Bytes read(String text) {
        if (text.indexOf('\\') < 0) return Bytes.utf8(text);
        var bytes = new ByteArrayOutputStream(text.length());
        int at = 0;
        while (at < text.length()) {
            int backslash = text.indexOf('\\', at);
            if (backslash < 0) backslash = text.length();
            bytes.writeBytes(text.substring(at, backslash).getBytes(StandardCharsets.UTF_8));
            at = backslash == text.length() ? backslash : readEscape(text, backslash, bytes);
        }
        return Bytes.wrap(bytes.toByteArray());
    }

    /// The text that `bytes` are in UTF-8, or null if they are not.
    public static @Nullable String utf8OrNull(Bytes bytes) {
        try {
            CharBuffer text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes.array(), bytes.offset(), bytes.length()));
            return text.toString();
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }

    // Returns where the text goes on.
    private static int readEscape(String text, int backslash, ByteArrayOutputStream bytes) {
        char name = backslash + 1 < text.length() ? text.charAt(backslash + 1) : ' ';
        int known = NAMES.indexOf(name);
        if (0 <= known) {
            bytes.write(MEANINGS.charAt(known));
            return backslash + 2;
        }
        int high = backslash + 3 < text.length() ? digit(text.charAt(backslash + 2)) : -1;
        int low = backslash + 3 < text.length() ? digit(text.charAt(backslash + 3)) : -1;
        if (name != 'x' || high < 0 || low < 0)
            throw new IllegalArgumentException(
                    "not an escape at column %d of `%s` (write \\\\ for a backslash)"
                            .formatted(backslash + 1, text));
        bytes.write(high << 4 | low);
        return backslash + 4;
    }

    private static int digit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    private static void appendChar(StringBuilder shown, int c) {
        int type = Character.getType(c);
        boolean isInvisible =
                type == Character.CONTROL
                        || type == Character.FORMAT
                        || type == Character.LINE_SEPARATOR
                        || type == Character.PARAGRAPH_SEPARATOR
                        || type == Character.PRIVATE_USE
                        || type == Character.UNASSIGNED;
        if (0x80 <= c && !isInvisible) shown.appendCodePoint(c);
        else if (c < 0x80) appendByte(shown, c);
        else
            for (byte part : Character.toString(c).getBytes(StandardCharsets.UTF_8))
                appendByte(shown, part & 0xff);
    }

    private static void appendByte(StringBuilder shown, int value) {
        int known = MEANINGS.indexOf(value);
        if (0 < value && 0 <= known) shown.append('\\').append(NAMES.charAt(known));
        else if (0x20 <= value && value < 0x7f) shown.append((char) value);
        else shown.append("\\x%02x".formatted(value));
    }
}

package dev.holdfast.app.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.Bytes;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EscapesTest {
    @Test
    void shouldShowWhatAPersonCanRead() {
        assertEquals("plain text", Escapes.show(Bytes.utf8("plain text")));
        assertEquals("Zoë 漢字 ☃", Escapes.show(Bytes.utf8("Zoë 漢字 ☃")));
        assertEquals("a\\tb\\nc\\\\d\\x00", Escapes.show(Bytes.utf8("a\tb\nc\\d\0")));
        assertEquals("\\xff\\x01a", Escapes.show(Bytes.wrap(new byte[] {-1, 1, 'a'})));
        assertEquals("\\xe2\\x80\\xae", Escapes.show(Bytes.utf8("\u202e")));
    }

    @Test
    void shouldReadBackWhateverItShows() {
        long seed = Long.getLong("escapes.seed", new Random().nextLong());
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            // given: noise, and text full of what must be escaped
            byte[] raw = new byte[random.nextInt(12)];
            random.nextBytes(raw);
            if (i % 2 == 0)
                for (int at = 0; at < raw.length; at++)
                    raw[at] = (byte) "\\xn0\n\r\t\0aé".charAt(random.nextInt(10));
            Bytes bytes = Bytes.wrap(raw);
            // then
            assertEquals(bytes, Escapes.read(Escapes.show(bytes)), "seed=" + seed + " i=" + i);
        }
    }

    @Test
    void shouldRefuseEscapesThatAreNone() {
        for (String text : List.of("\\", "a\\q", "\\x", "\\x1", "\\xg0", "\\x0g", "\\u0041"))
            assertThrows(IllegalArgumentException.class, () -> Escapes.read(text), text);
    }
}

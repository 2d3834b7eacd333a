package dev.holdfast.redis.outline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.holdfast.base.Bytes;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Outlines find what a sorted set finds, and those that are kept are bounded.
class OutlineTest {
    @Test
    void shouldFindWhatASortedSetFinds() {
        long seed = 11;
        var random = new Random(seed);
        var model = new TreeSet<Bytes>();
        Outline outline = Outline.of(List.of());
        for (int i = 0; i < 2_000; i++) {
            Bytes name = Bytes.utf8("n" + random.nextInt(300));
            if (random.nextInt(3) == 0) {
                model.remove(name);
                outline = outline.without(name);
            } else {
                model.add(name);
                outline = outline.with(name);
            }
            Bytes sought = Bytes.utf8("n" + random.nextInt(300));
            assertEquals(model.floor(sought), outline.floor(sought), "seed=" + seed);
            assertEquals(model.higher(sought), outline.higher(sought), "seed=" + seed);
            assertEquals(model.size(), outline.size(), "seed=" + seed);
        }
    }

    @Test
    void shouldForgetAllOnceTooMuchIsKept() {
        // given
        var outlines = new Outlines();
        var names = new TreeSet<Bytes>();
        for (int i = 0; i < 1 << 18; i++) names.add(Bytes.utf8("name" + i));
        Outline large = Outline.of(List.copyOf(names));
        // when
        for (int i = 0; i < 3; i++) {
            var changes = new Outlines.Changes();
            changes.put(Bytes.utf8("set" + i), large);
            outlines.commit(changes);
        }
        // then
        assertNull(outlines.find(Bytes.utf8("set0")));
        assertNull(outlines.find(Bytes.utf8("set2")));
    }

    @Test
    void shouldForgetWhatARunForgot() {
        // given
        var outlines = new Outlines();
        Bytes id = Bytes.utf8("set");
        var first = new Outlines.Changes();
        first.put(id, Outline.of(List.of(Bytes.utf8("a"))));
        outlines.commit(first);
        assertEquals(Bytes.utf8("a"), outlines.find(id).floor(Bytes.utf8("b")));
        // when
        var second = new Outlines.Changes();
        second.put(id, Outline.of(List.of(Bytes.utf8("a"), Bytes.utf8("b"))));
        second.forgetAll();
        outlines.commit(second);
        // then
        assertNull(outlines.find(id));
    }
}

package dev.holdfast.redis.outline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.holdfast.base.Bytes;
import java.util.List;
import java.util.Optional;
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
            assertEquals(model.lower(sought), outline.lower(sought), "seed=" + seed);
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
        second.forget(id);
        outlines.commit(second);
        // then
        assertNull(outlines.find(id));
    }

    @Test
    void shouldBeAsItWasWhenSomethingIsTakenBack() {
        // given
        var names = List.of(Bytes.utf8("kept"), Bytes.utf8("new"), Bytes.utf8("forgotten"));
        Outline before = Outline.of(List.of(Bytes.utf8("a")));
        Outline after = before.with(Bytes.utf8("b"));
        var changes = new Outlines.Changes();
        changes.put(names.get(0), before);
        changes.put(names.get(2), before);
        // when
        var mark = changes.mark();
        changes.put(names.get(0), after);
        changes.put(names.get(1), after);
        changes.forget(names.get(2));
        changes.backTo(mark);
        // then
        assertEquals(Optional.of(before), changes.of(names.get(0)));
        assertNull(changes.of(names.get(1)));
        assertEquals(Optional.empty(), changes.of(names.get(2)));
    }

    @Test
    void shouldCountMissesFromItsMakingOn() {
        var outlines = new Outlines();
        Bytes id = Bytes.utf8("set");
        outlines.missed(id);
        assertEquals(2, outlines.missed(id));

        outlines.made(id);

        assertEquals(1, outlines.missed(id));
    }
}

package dev.holdfast.engine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Ulid;
import dev.holdfast.format.work.PartKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoardNamesTest {
    private static final PartKey KEY = new PartKey(new Ulid(5, 6), 7, 1, 30, 2);
    private final BoardNames names = new BoardNames("a/db");

    @Test
    void shouldReadTheNamesThatItMakes() {
        for (Paper paper : Paper.values()) {
            String name = names.paper(KEY, paper);
            assertTrue(name.startsWith("a/db/workers/" + KEY.job() + "/7-1-30-2."), name);
            assertEquals(new BoardNames.Posting(KEY, paper), names.posting(name));
            assertEquals(KEY.job(), names.jobOf(name));
        }
        assertTrue(names.isPresence(names.worker("w-1.x")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/db/workers/",
                "a/db/workers/here/",
                "a/db/workers/here/a/b",
                "a/db/workers/here/..",
                "a/db/workers/00000000000000000000000000/1-1-1-0.order",
                "a/db/workers/00000000000000000000000000/1-1-1-1.orders",
                "a/db/workers/00000000000000000000000000/1-1-1-9999999999.order",
                "a/db/workers/UUUUUUUUUUUUUUUUUUUUUUUUUU/1-1-1-1.order",
                "a/db2/workers/00000000000000000000000000/1-1-1-1.order",
                "a/db/compacted/00000000000000000000000000.sst"
            })
    void shouldTakeNothingElseForAPaper(String name) {
        assertNull(names.posting(name));
        assertNull(names.jobOf(name));
        assertFalse(names.isPresence(name));
    }
}

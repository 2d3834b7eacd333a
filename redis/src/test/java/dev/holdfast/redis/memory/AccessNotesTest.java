package dev.holdfast.redis.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.keyspace.TestEnv;
import org.junit.jupiter.api.Test;

class AccessNotesTest {
    private final TestEnv env = new TestEnv(1);
    private final AccessNotes notes = AccessNotes.ofServer(env);

    private static Bytes row(int number) {
        return Bytes.utf8("row of key " + number);
    }

    @Test
    void shouldTellForHowLongAKeyWasIdle() {
        env.forwardMillis(100_000);
        notes.used(row(1));
        env.forwardMillis(7_000);
        notes.used(row(2));
        notes.usedBefore(row(3), 50);

        assertEquals(7, notes.idleSeconds(row(1)));
        assertEquals(0, notes.idleSeconds(row(2)));
        assertEquals(50, notes.idleSeconds(row(3)));
    }

    @Test
    void shouldCountFromTheStartWhereNothingIsNoted() {
        env.forwardMillis(100_000);

        assertEquals(100, notes.idleSeconds(row(1)));
    }

    @Test
    void shouldGiveUpTheOldestNoteAndNeverTellMoreThanIsKnown() {
        AccessNotes few = AccessNotes.ofVisitor(env);
        for (int i = 0; i < 100; i++) {
            env.forwardMillis(1_000);
            few.used(row(i));
        }

        assertEquals(0, few.idleSeconds(row(99)));
        for (int i = 0; i < 100; i++) {
            long idle = few.idleSeconds(row(i));
            assertTrue(0 <= idle && idle <= 99 - i, i + ": " + idle);
        }
    }
}

package dev.holdfast.redis.fuzz;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.acl.AclTarget;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A slice of [FuzzLongTest], the same each time; `-Dfuzz.seed=N` tries other inputs.
class FuzzTest {
    private static final int ROUNDS = 5_000;

    static List<Fuzzing.Target> targets() {
        return List.of(new RespTarget(), new RdbTarget(), new LuaTarget(), new AclTarget());
    }

    @ParameterizedTest
    @MethodSource("targets")
    @Tag("SEC-03")
    void shouldTakeOrRefuseWhateverItIsGiven(Fuzzing.Target target) {
        var fuzzing = new Fuzzing(target, Long.getLong("fuzz.seed", 8));
        long begun = System.nanoTime();
        fuzzing.rounds(ROUNDS);
        System.out.println(fuzzing.report((System.nanoTime() - begun) / 1_000_000_000));
        assertTrue(20 < fuzzing.behaviours(), target.name());
    }

    @Test
    void shouldFindWhatIsWrongBehindWhatLooksLikeTheWayThere() {
        var fuzzing = new Fuzzing(new Maze(), 1);
        assertThrows(AssertionError.class, () -> fuzzing.rounds(300_000));
    }

    @Test
    void shouldFindMemoryThatIsTakenByALengthThatIsAnnounced() {
        var fuzzing = new Fuzzing(new Believer(), 1);
        assertThrows(AssertionError.class, () -> fuzzing.rounds(20_000));
    }

    /// Wrong where four bytes are right one after another: by chance nobody comes there.
    private static class Maze implements Fuzzing.Target {
        @Override
        public String name() {
            return "maze";
        }

        @Override
        public List<byte[]> first() {
            return List.of(new byte[8]);
        }

        @Override
        public List<byte[]> tokens() {
            return List.of(new byte[] {0});
        }

        @Override
        public long allocatedMax(int length) {
            return 1 << 20;
        }

        @Override
        public String behaviour(byte[] input) {
            byte[] way = {'w', 'r', 'o', 'n', 'g'};
            int steps = 0;
            while (steps < way.length && steps < input.length && input[steps] == way[steps])
                steps++;
            if (steps == way.length) throw new IllegalStateException("here");
            return "" + steps;
        }
    }

    /// Takes as much memory as its first three bytes say.
    private static final class Believer extends Maze {
        @Override
        public String behaviour(byte[] input) {
            if (input.length < 3) return "short";
            int announced = (input[0] & 0xff) << 16 | (input[1] & 0xff) << 8 | input[2] & 0xff;
            return new byte[announced].length == 0 ? "none" : "some";
        }
    }
}

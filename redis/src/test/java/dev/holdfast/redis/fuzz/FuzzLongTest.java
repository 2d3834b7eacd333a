package dev.holdfast.redis.fuzz;

import dev.holdfast.redis.acl.AclTarget;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Ten minutes of inputs for each thing that reads what strangers send.
///
/// `-Dfuzz.seconds=60` is less, `-Dfuzz.seed=N` begins as that run did, `-Dfuzz.only=RESP` tries
/// what is called so.
@Tag("long")
@Timeout(3_600)
class FuzzLongTest {
    private static final long SECONDS = Long.getLong("fuzz.seconds", 600);
    private static final String ONLY = System.getProperty("fuzz.only", "");

    static List<Fuzzing.Target> targets() {
        List<Fuzzing.Target> all =
                List.of(new RespTarget(), new RdbTarget(), new LuaTarget(), new AclTarget());
        return all.stream().filter(target -> target.name().contains(ONLY)).toList();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void shouldTakeOrRefuseWhateverItIsGiven(Fuzzing.Target target) {
        long seed = Long.getLong("fuzz.seed", System.nanoTime() / 1_000);
        System.out.println(target.name() + ": fuzz.seed=" + seed);
        var fuzzing = new Fuzzing(target, seed);
        fuzzing.seconds(SECONDS);
        System.out.println(fuzzing.report(SECONDS));
    }
}

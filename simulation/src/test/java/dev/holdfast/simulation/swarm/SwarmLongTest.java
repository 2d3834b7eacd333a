package dev.holdfast.simulation.swarm;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The first ten thousand seeds of the swarm.
@Tag("long")
@Timeout(3600)
class SwarmLongTest {
    private static final int SEEDS = 10_000;

    @Test
    void shouldKeepItsPromisesInTenThousandHostileWorlds() throws Exception {
        List<String> expected = Stream.concat(Tally.OFTEN.stream(), Tally.SELDOM.stream()).toList();
        new LongRun("swarm", Swarm::run, SEEDS).tell(expected);
    }
}

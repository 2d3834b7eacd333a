package dev.holdfast.simulation.swarm;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The first ten thousand seeds of the swarm that uses all that an engine offers.
@Tag("long")
@Timeout(3600)
class FeatureSwarmLongTest {
    private static final int SEEDS = 10_000;

    @Test
    void shouldKeepItsPromisesInTenThousandHostileWorlds() throws Exception {
        List<String> expected =
                Stream.of(Tally.OFTEN, Tally.FEATURES, Tally.FEATURES_SELDOM)
                        .flatMap(List::stream)
                        .toList();
        new LongRun("swarm-features", FeatureSwarm::run, SEEDS).tell(expected);
    }
}

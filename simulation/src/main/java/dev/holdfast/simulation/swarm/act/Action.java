package dev.holdfast.simulation.swarm.act;

import dev.holdfast.simulation.swarm.stage.Session;
import java.util.SplittableRandom;

/// One thing that a client does to an open database.
///
/// What it was told it notes in the journal. A storage exception that it does not know what to do
/// with is its client's to judge.
interface Action {
    void run(Session session, SplittableRandom chance) throws InterruptedException;
}

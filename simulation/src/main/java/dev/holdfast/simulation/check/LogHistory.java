package dev.holdfast.simulation.check;

import java.util.List;

/// All that was asked of one database, answered, and seen of it, over all of its lives.
public record LogHistory(List<Life> lives, List<Write> writes, List<Sight> sights) {
    public LogHistory {
        lives = List.copyOf(lives);
        writes = List.copyOf(writes);
        sights = List.copyOf(sights);
    }
}

package dev.holdfast.engine.table;

import java.util.List;

/// Tables that follow one another in key order, as one. Immutable.
public record SortedRun(int id, List<SstReader> tables) {
    public SortedRun {
        tables = List.copyOf(tables);
    }
}

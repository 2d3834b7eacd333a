package dev.holdfast.lifecycle.matrix;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One cell of the matrix: one process.
record Cell(Behaviour behaviour, Moment moment, Stimulus stimulus) {
    /// All of them, no exceptions.
    static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (Behaviour behaviour : Behaviour.values())
            for (Moment moment : Moment.values())
                for (Stimulus stimulus : Stimulus.values())
                    cells.add(new Cell(behaviour, moment, stimulus));
        return cells;
    }

    /// The time that its stop has. Without memory not even signals arrive, so there it is short.
    Duration budget() {
        boolean hasMemory = behaviour != Behaviour.EATS_ALL_MEMORY;
        return hasMemory ? stimulus.budget() : Stimulus.TERM.budget();
    }

    /// A sixth of them: every pair of a behaviour and a moment, of a behaviour and a stimulus, and
    /// of a moment and a stimulus. Six numbers in a row give all.
    static List<Cell> sixth(int number) {
        return all().stream().filter(cell -> Math.floorMod(cell.place() - number, 6) == 0).toList();
    }

    private int place() {
        return behaviour.ordinal() + moment.ordinal() + stimulus.ordinal();
    }

    @Override
    public String toString() {
        return behaviour + " " + moment + " " + stimulus;
    }
}

package dev.holdfast.lifecycle;

import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.plan.Order;
import dev.holdfast.lifecycle.wait.StateWord;
import java.util.List;
import java.util.Map;

/// What a start and a stop of one scope share: its word, its cells and their order.
///
/// @param cells by name, in the order in which they were added
record Crew(StateWord word, Env env, Map<String, Cell> cells, Order order, ErrorCourt court) {

    String name() {
        return word.name();
    }

    List<Cell> named(List<String> names) {
        return names.stream().map(this::cell).toList();
    }

    Cell cell(String name) {
        Cell cell = cells.get(name);
        if (cell == null) throw new IllegalArgumentException("no component is called " + name);
        return cell;
    }
}

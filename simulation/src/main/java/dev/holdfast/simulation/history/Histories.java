package dev.holdfast.simulation.history;

import dev.holdfast.simulation.Simulation;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/// All histories that have registered themselves, by name.
public final class Histories {
    private Histories() {}

    /// Every registered history, by its name.
    public static Map<String, History> all() {
        var byName = new TreeMap<String, History>();
        for (History each : ServiceLoader.load(History.class)) {
            History twin = byName.put(each.name(), each);
            if (twin != null) throw new IllegalStateException("two histories " + each.name());
        }
        return byName;
    }

    /// Tells `history` twice, and throws [AssertionError] unless both came to the same. Returns the
    /// second telling.
    public static Simulation toldTwice(History history, long seed) {
        return Simulation.twice(seed, history.setup(seed), history::run);
    }

    /// The history of that name.
    public static History named(String name) {
        History history = all().get(name);
        if (history == null) {
            throw new IllegalArgumentException("no history " + name + " among " + all().keySet());
        }
        return history;
    }
}

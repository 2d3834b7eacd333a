package dev.holdfast.system.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A map as the state of a value: each key with what it has, in the order of keys.
final class Pairs {
    private Pairs() {}

    static TreeMap<String, String> of(List<?> flat) {
        var pairs = new TreeMap<String, String>();
        for (int i = 0; i + 1 < flat.size(); i += 2)
            pairs.put(String.valueOf(flat.get(i)), String.valueOf(flat.get(i + 1)));
        return pairs;
    }

    static List<String> flat(Map<String, String> pairs) {
        var flat = new ArrayList<String>();
        pairs.forEach((key, value) -> {
            flat.add(key);
            flat.add(value);
        });
        return flat;
    }
}

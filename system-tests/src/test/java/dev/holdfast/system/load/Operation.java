package dev.holdfast.system.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// The n-th write of one client, fully determined by seed, client and n; its values are never used
/// twice.
record Operation(Kind kind, int client, long number, List<Integer> slots, int padding) {
    static final int SLOTS = 16;

    /// What a write does.
    enum Kind {
        SET,
        MSET,
        DELETE,
        INCREMENT
    }

    static Operation of(long seed, int client, long number) {
        var random = new SplittableRandom(seed * 31 + client * 1_000_003L + number * 7_919L);
        int dice = random.nextInt(10);
        Kind kind =
                dice < 5
                        ? Kind.SET
                        : dice < 7 ? Kind.MSET : dice < 8 ? Kind.DELETE : Kind.INCREMENT;
        int first = random.nextInt(SLOTS);
        List<Integer> slots =
                kind == Kind.MSET
                        ? List.of(first, (first + 1) % SLOTS, (first + 5) % SLOTS)
                        : List.of(first);
        return new Operation(kind, client, number, slots, random.nextInt(100));
    }

    /// The key of one slot of a client.
    static String key(int client, int slot) {
        return "client:" + client + ":slot:" + slot;
    }

    /// The key that a client counts in.
    static String counter(int client) {
        return "client:" + client + ":counter";
    }

    /// All keys of a client: the counter last.
    static List<String> keys(int client) {
        var keys = new ArrayList<String>();
        for (int slot = 0; slot < SLOTS; slot++) keys.add(key(client, slot));
        keys.add(counter(client));
        return keys;
    }

    /// The number of the write that left `value` behind.
    static long numberOf(String value) {
        return Long.parseLong(value.substring(0, value.indexOf(':')));
    }

    List<String> words() {
        var words = new ArrayList<String>();
        switch (kind) {
            case SET -> words.addAll(List.of("SET", key(client, slots.getFirst()), value()));
            case DELETE -> words.addAll(List.of("DEL", key(client, slots.getFirst())));
            case INCREMENT -> words.addAll(List.of("INCR", counter(client)));
            case MSET -> {
                words.add("MSET");
                for (int slot : slots) words.addAll(List.of(key(client, slot), value()));
            }
        }
        return words;
    }

    void applyTo(Map<String, String> model) {
        switch (kind) {
            case SET, MSET -> slots.forEach(slot -> model.put(key(client, slot), value()));
            case DELETE -> model.remove(key(client, slots.getFirst()));
            case INCREMENT ->
                    model.merge(
                            counter(client),
                            "1",
                            (old, one) -> Long.toString(Long.parseLong(old) + 1));
        }
    }

    private String value() {
        return number + ":" + "x".repeat(padding);
    }
}

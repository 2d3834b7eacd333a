package dev.holdfast.system.stop;

import java.util.List;

/// The n-th change that one client makes, fully determined by client and n, which it leaves in some
/// value: one call, or a transaction.
record Deed(int client, long number) {
    private static final int FIELDS = 16;
    private static final int KINDS = 8;

    /// What is done to which value.
    enum Kind {
        PUSH_TAIL,
        PUSH_HEAD,
        SET_FIELD,
        ADD_MEMBER,
        ADD_SCORED,
        ADD_ENTRY,
        APPEND,
        TRANSACT
    }

    Kind kind() {
        return Kind.values()[(int) ((number + client) % KINDS)];
    }

    /// The requests, of which the last one's reply tells that it is done.
    List<List<String>> requests() {
        String text = Long.toString(number);
        return switch (kind()) {
            case PUSH_TAIL -> one("RPUSH", key("list"), text);
            case PUSH_HEAD -> one("LPUSH", key("list"), text);
            case SET_FIELD -> one("HSET", key("hash"), field(), text);
            case ADD_MEMBER -> one("SADD", key("set"), text);
            case ADD_SCORED -> one("ZADD", key("zset"), text, field());
            case ADD_ENTRY -> one("XADD", key("stream"), number + "-1", "n", text);
            case APPEND -> one("APPEND", key("text"), text + ",");
            case TRANSACT ->
                    List.of(
                            List.of("MULTI"),
                            List.of("RPUSH", key("log"), text),
                            List.of("INCR", key("count")),
                            List.of("EXEC"));
        };
    }

    /// A field or member, each of which comes again and again.
    String field() {
        return "f" + number / KINDS % FIELDS;
    }

    private String key(String value) {
        return key(client, value);
    }

    /// The key of one of a client's values.
    static String key(int client, String value) {
        return value + ":" + client;
    }

    private static List<List<String>> one(String... words) {
        return List.of(List.of(words));
    }
}

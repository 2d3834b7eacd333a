package dev.holdfast.system.stop;

import dev.holdfast.system.process.RespClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// All values of one client, as a model makes them and as a server holds them.
final class Values {
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w-])\\d+");

    private final LinkedList<String> list = new LinkedList<>();
    private final Map<String, String> hash = new TreeMap<>();
    private final TreeSet<String> set = new TreeSet<>();
    private final Map<String, Long> zset = new TreeMap<>();
    private final List<Object> stream = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    /// What is left after the first `count` deeds of `client`.
    static Map<String, String> after(int client, long count) {
        var values = new Values();
        for (long number = 1; number <= count; number++) values.apply(new Deed(client, number));
        return values.shown();
    }

    private void apply(Deed deed) {
        String number = Long.toString(deed.number());
        switch (deed.kind()) {
            case PUSH_TAIL -> list.add(number);
            case PUSH_HEAD -> list.addFirst(number);
            case SET_FIELD -> hash.put(deed.field(), number);
            case ADD_MEMBER -> set.add(number);
            case ADD_SCORED -> zset.put(deed.field(), deed.number());
            case ADD_ENTRY -> stream.add(List.of(number + "-1", List.of("n", number)));
            case APPEND -> text.append(number).append(',');
            case TRANSACT -> log.add(number);
        }
    }

    private Map<String, String> shown() {
        var shown = new TreeMap<String, String>();
        shown.put("list", list.toString());
        shown.put("hash", hash.toString());
        shown.put("set", set.toString());
        shown.put("zset", zset.toString());
        shown.put("stream", stream.toString());
        shown.put("log", log.toString());
        shown.put("count", log.isEmpty() ? "null" : Integer.toString(log.size()));
        shown.put("text", text.isEmpty() ? "null" : text.toString());
        return shown;
    }

    /// What the server holds of `client`.
    static Map<String, String> read(RespClient server, int client) throws IOException {
        var shown = new TreeMap<String, String>();
        shown.put("list", call(server, client, "list", "LRANGE", "0", "-1").toString());
        shown.put("hash", pairs(call(server, client, "hash", "HGETALL")).toString());
        shown.put("set", new TreeSet<>(call(server, client, "set", "SMEMBERS")).toString());
        List<?> scored = call(server, client, "zset", "ZRANGE", "0", "-1", "WITHSCORES");
        shown.put("zset", pairs(scored).toString());
        shown.put("stream", call(server, client, "stream", "XRANGE", "-", "+").toString());
        shown.put("log", call(server, client, "log", "LRANGE", "0", "-1").toString());
        for (String each : List.of("count", "text"))
            shown.put(each, String.valueOf(server.call("GET", Deed.key(client, each))));
        return shown;
    }

    private static List<?> call(RespClient server, int client, String value, String... words)
            throws IOException {
        var call = new ArrayList<>(List.of(words));
        call.add(1, Deed.key(client, value));
        Object reply = server.call(call.toArray(String[]::new));
        if (reply instanceof List<?> found) return found;
        throw new AssertionError(call + " gave " + reply);
    }

    private static Map<Object, Object> pairs(List<?> inTurn) {
        var pairs = new TreeMap<Object, Object>();
        for (int i = 0; i < inTurn.size(); i += 2)
            pairs.put(
                    Objects.requireNonNull(inTurn.get(i)),
                    Objects.requireNonNull(inTurn.get(i + 1)));
        return pairs;
    }

    /// The greatest number of a deed that left something in `shown`; 0 if none did.
    static long greatest(Map<String, String> shown) {
        long greatest = 0;
        for (var value : shown.entrySet()) {
            if (value.getKey().equals("count")) continue;
            var numbers = NUMBER.matcher(value.getValue());
            while (numbers.find()) greatest = Math.max(greatest, Long.parseLong(numbers.group()));
        }
        return greatest;
    }
}

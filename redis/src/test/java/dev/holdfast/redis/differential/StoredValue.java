package dev.holdfast.redis.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// All that a server tells of the value at one key, for a full comparison.
///
/// @param told contents and expiry
/// @param encoding what OBJECT ENCODING answers
record StoredValue(List<RespValue> told, String encoding) {
    static StoredValue of(RespClient client, String key) throws IOException {
        List<RespValue> told = new ArrayList<>();
        String type = client.call("TYPE", key).text();
        told.add(client.call("TYPE", key));
        told.add(client.call("PEXPIRETIME", key));
        switch (type) {
            case "string" -> told.add(client.call("GET", key));
            case "list" -> told.add(client.call("LRANGE", key, "0", "-1"));
            case "set" -> told.add(client.call("SMEMBERS", key).unordered());
            case "zset" -> told.add(client.call("ZRANGE", key, "0", "-1", "WITHSCORES"));
            case "hash" -> told.add(client.call("HGETALL", key).unorderedPairs());
            case "stream" ->
                    told.add(
                            withoutTree(client.call("XINFO", "STREAM", key, "FULL", "COUNT", "0")));
            default -> throw new IOException("no value to look at: " + key + " " + type);
        }
        return new StoredValue(told, client.call("OBJECT", "ENCODING", key).text());
    }

    // How many nodes there are is each side's own affair.
    private static RespValue withoutTree(RespValue page) {
        List<RespValue> kept = new ArrayList<>();
        for (int i = 0; i < page.parts().size(); i += 2)
            if (!page.parts().get(i).text().startsWith("radix-tree"))
                kept.addAll(page.parts().subList(i, i + 2));
        return page.withParts(kept);
    }
}

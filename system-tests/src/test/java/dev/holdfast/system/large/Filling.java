package dev.holdfast.system.large;

import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.RespClient.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// One value of each kind, each with as many elements, whose content a number tells.
///
/// @param elements how many of each kind
/// @param bytes of the content of one
record Filling(long elements, int bytes) {
    private static final int TOGETHER = 20;
    private static final int UNDER_WAY = 20;

    /// How one kind of value is filled and looked at.
    ///
    /// @param whole the call that answers with all of it
    /// @param width how many elements of a reply belong to one of the value
    record Kind(String key, String count, List<String> whole, int width) {}

    static final List<Kind> KINDS =
            List.of(
                    new Kind("hash", "HLEN", List.of("HGETALL", "hash"), 2),
                    new Kind("list", "LLEN", List.of("LRANGE", "list", "0", "-1"), 1),
                    new Kind("set", "SCARD", List.of("SMEMBERS", "set"), 1),
                    new Kind("zset", "ZCARD", List.of("ZRANGE", "zset", "0", "-1"), 1),
                    new Kind("stream", "XLEN", List.of("XRANGE", "stream", "-", "+"), 1));

    /// The content of element `number`: bytes that do not compress.
    String content(long number) {
        var random = new SplittableRandom(number);
        var text = new StringBuilder(bytes);
        text.append(number).append(':');
        while (text.length() < bytes) text.append((char) (33 + random.nextInt(223)));
        return text.toString();
    }

    /// Fills all values.
    void into(RespClient client) throws IOException {
        long waiting = 0;
        for (long from = 0; from < elements; from += TOGETHER) {
            for (List<String> call : calls(from, Math.min(elements, from + TOGETHER))) {
                client.send(call);
                waiting++;
            }
            client.flush();
            for (; UNDER_WAY * 5 < waiting; waiting--) check(client);
        }
        for (; 0 < waiting; waiting--) check(client);
    }

    private List<List<String>> calls(long from, long end) {
        var hash = new ArrayList<>(List.of("HSET", "hash"));
        var list = new ArrayList<>(List.of("RPUSH", "list"));
        var set = new ArrayList<>(List.of("SADD", "set"));
        var zset = new ArrayList<>(List.of("ZADD", "zset"));
        var stream = new ArrayList<List<String>>();
        for (long number = from; number < end; number++) {
            String content = content(number);
            hash.addAll(List.of("f" + number, content));
            list.add(content);
            set.add(content);
            zset.addAll(List.of(Long.toString(number), content));
            stream.add(List.of("XADD", "stream", number + 1 + "-0", "v", content));
        }
        var calls = new ArrayList<List<String>>(List.of(hash, list, set, zset));
        calls.addAll(stream);
        return calls;
    }

    private static void check(RespClient client) throws IOException {
        if (client.read() instanceof Failure failure) throw new AssertionError(failure.message());
    }
}

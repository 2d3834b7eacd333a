package dev.holdfast.redis.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Calls in a row, told to both servers, and the first reply that differs.
final class Story {
    private static final int BATCH = 40;
    private static final Set<String> ALONE = Set.of("SPOP", "SCAN", "HSCAN", "SSCAN", "ZSCAN");

    private final RespClient redis;
    private final RespClient holdfast;
    private final Map<String, Rule> rules;

    Story(RespClient redis, RespClient holdfast, Map<String, Rule> rules) {
        this.redis = redis;
        this.holdfast = holdfast;
        this.rules = rules;
    }

    /// Two replies to one call that should be alike.
    record Mismatch(int index, List<String> call, RespValue expected, RespValue actual) {
        @Override
        public String toString() {
            return "call "
                    + index
                    + ": "
                    + shown(call)
                    + "\nredis:    "
                    + expected
                    + "\nholdfast: "
                    + actual;
        }
    }

    static String shown(List<String> call) {
        return call.stream()
                .map(word -> word.length() < 120 ? word : word.substring(0, 100) + "...")
                .map(word -> word.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0"))
                .toList()
                .toString();
    }

    /// Tells both servers to forget everything and to speak `protocol`, then makes the calls.
    @Nullable Mismatch tell(List<List<String>> calls, int protocol) throws IOException {
        for (RespClient client : List.of(redis, holdfast)) {
            client.call("RESET");
            client.call("FLUSHALL");
            client.call("FUNCTION", "FLUSH");
            client.call("SCRIPT", "FLUSH");
            client.call("HELLO", Integer.toString(protocol));
        }
        int told = 0;
        while (told < calls.size()) {
            int end = told;
            while (end < calls.size() && end - told < BATCH && !isAlone(calls.get(end))) end++;
            Mismatch mismatch =
                    end == told ? tellAlone(told, calls.get(told)) : tell(calls, told, end);
            if (mismatch != null) return mismatch;
            told = Math.max(end, told + 1);
        }
        return null;
    }

    private @Nullable Mismatch tell(List<List<String>> calls, int from, int to) throws IOException {
        for (List<String> call : calls.subList(from, to)) {
            redis.send(call);
            holdfast.send(call);
        }
        redis.flush();
        holdfast.flush();
        Mismatch first = null;
        for (int i = from; i < to; i++) {
            Mismatch mismatch = compare(i, calls.get(i), redis.read(), holdfast.read());
            if (first == null) first = mismatch;
        }
        return first;
    }

    private @Nullable Mismatch tellAlone(int index, List<String> call) throws IOException {
        if (nameOf(call).equals("SPOP")) return tellDrawn(index, call);
        return compare(index, call, walked(redis, call), walked(holdfast, call));
    }

    // A scan from its cursor to the end: how it is cut is each side's own affair.
    private static RespValue walked(RespClient client, List<String> call) throws IOException {
        boolean hasKey = !nameOf(call).equals("SCAN");
        int step = Set.of("HSCAN", "ZSCAN").contains(nameOf(call)) ? 2 : 1;
        Set<List<RespValue>> found = new LinkedHashSet<>();
        List<String> next = new ArrayList<>(call);
        while (true) {
            RespValue reply = client.call(next);
            if (reply.parts().size() != 2) return reply;
            List<RespValue> some = reply.parts().getLast().parts();
            for (int i = 0; i < some.size(); i += step) found.add(some.subList(i, i + step));
            RespValue cursor = reply.parts().getFirst();
            if (cursor.text().equals("0")) {
                List<RespValue> all = found.stream().flatMap(List::stream).toList();
                RespValue whole = new RespValue('*', all.size() + "", all);
                return reply.withParts(List.of(cursor, whole));
            }
            next.set(hasKey ? 2 : 1, cursor.text());
        }
    }

    // What one side has drawn is taken from the other by name, so that both go on alike.
    private @Nullable Mismatch tellDrawn(int index, List<String> call) throws IOException {
        RespValue actual = holdfast.call(call);
        boolean isOne = actual.kind() == '$' && 0 <= actual.text().length() && call.size() == 2;
        boolean isEmpty = actual.parts().isEmpty();
        boolean isNone =
                actual.isError() || (isOne ? actual.text().equals(RespValue.NONE) : isEmpty);
        if (isNone) return compare(index, call, redis.call(call), actual);
        List<String> removal = new ArrayList<>(List.of("SREM", call.get(1)));
        if (isOne) removal.add(actual.text());
        else for (RespValue member : actual.parts()) removal.add(member.text());
        long before = Long.parseLong(redis.call("SCARD", call.get(1)).text());
        long asked = isOne ? 1 : Long.parseLong(call.get(2));
        RespValue removed = redis.call(removal);
        String expected = Long.toString(Math.min(asked, before));
        boolean isRight =
                removed.text().equals(expected) && removal.size() - 2 == Math.min(asked, before);
        return isRight ? null : new Mismatch(index, call, removed, actual);
    }

    private @Nullable Mismatch compare(
            int index, List<String> call, RespValue expected, RespValue actual) {
        Rule rule = rules.getOrDefault(nameOf(call), Rule.EQUAL);
        if (1 < call.size())
            rule = rules.getOrDefault(nameOf(call) + " " + nameOf(call.subList(1, 2)), rule);
        boolean isFine =
                rule.holds(expected, actual) || Differences.areKnown(call, expected, actual);
        return isFine ? null : new Mismatch(index, call, expected, actual);
    }

    private static boolean isAlone(List<String> call) {
        return ALONE.contains(nameOf(call));
    }

    private static String nameOf(List<String> call) {
        return call.getFirst().toUpperCase(Locale.ROOT);
    }

    /// The shortest story found that still ends in a mismatch: calls that do not matter are left
    /// out, a half, a quarter, ... at a time.
    List<List<String>> shortest(List<List<String>> calls, int protocol, int triesMax)
            throws IOException {
        List<List<String>> story = calls;
        int tries = 0;
        for (int size = story.size() / 2; 1 <= size; size = size == 1 ? 0 : (size + 1) / 2) {
            for (int at = 0; at < story.size() - 1 && tries < triesMax; ) {
                List<List<String>> shorter = new ArrayList<>(story.subList(0, at));
                int end = Math.min(at + size, story.size() - 1);
                shorter.addAll(story.subList(end, story.size()));
                tries++;
                Mismatch mismatch = tell(shorter, protocol);
                if (mismatch == null) at = end;
                else story = shorter.subList(0, mismatch.index + 1);
            }
        }
        return story;
    }
}

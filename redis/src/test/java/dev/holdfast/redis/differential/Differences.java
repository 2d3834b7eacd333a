package dev.holdfast.redis.differential;

import java.util.List;

/// Where this server answers otherwise than Redis, and why. Kept short: whatever stands here is a
/// decision, not an oversight.
final class Differences {
    private static final List<Difference> ALL =
            List.of(
                    new Difference(
                            "the engine keeps keys, fields and members up to some 32 KiB",
                            (_, _, actual) ->
                                    actual.text().startsWith("ERR string exceeds maximum")),
                    new Difference(
                            "SORT of Redis takes what errno holds from an earlier command for its"
                                    + " own, and refuses numbers that are fine",
                            (call, expected, actual) ->
                                    call.getFirst().startsWith("SORT")
                                            && expected.text().endsWith("converted into double")
                                            && !actual.isError()),
                    new Difference(
                            "of several functions or libraries that are there already Redis names"
                                    + " any",
                            (_, expected, actual) ->
                                    isTaken(expected.text()) && isTaken(actual.text())));

    private Differences() {}

    private static boolean isTaken(String text) {
        return text.matches("ERR (Function f|Library l)\\d already exists");
    }

    /// One reason for another answer.
    private record Difference(String reason, Applies applies) {}

    private interface Applies {
        boolean to(List<String> call, RespValue expected, RespValue actual);
    }

    /// True if a reason is known why the replies to `call` differ.
    static boolean areKnown(List<String> call, RespValue expected, RespValue actual) {
        return ALL.stream().anyMatch(each -> each.applies.to(call, expected, actual));
    }
}

package dev.holdfast.redis.differential;

import java.util.List;

/// How two replies to one call are compared.
enum Rule {
    /// Byte for byte.
    EQUAL,
    /// Elements in any order.
    UNORDERED,
    /// Elements in any order, and theirs too.
    UNORDERED_DEEP,
    /// Pairs in any order.
    UNORDERED_PAIRS,
    /// A cursor, which counts only whether it is the end, and elements in any order.
    SCAN,
    /// The same with pairs.
    SCAN_PAIRS,
    /// Seconds that are taken at different moments.
    TIME,
    /// Milliseconds that are taken at different moments.
    TIME_MILLIS,
    /// Only the shape and the number of elements: each side draws its own.
    DRAWN,
    /// Whatever integers there are: times, and figures of how values lie in memory.
    NUMBERS,
    /// This server's reply is only checked to be of the same kind.
    KIND;

    private static final long CLOCK_SKEW_MILLIS = 5_000;

    /// True if `actual` is as good as `expected`.
    boolean holds(RespValue expected, RespValue actual) {
        if (expected.equals(actual)) return true;
        if (expected.kind() != actual.kind()) return false;
        return switch (this) {
            case EQUAL -> false;
            case UNORDERED -> expected.unordered().equals(actual.unordered());
            case UNORDERED_DEEP -> deep(expected).equals(deep(actual));
            case UNORDERED_PAIRS -> expected.unorderedPairs().equals(actual.unorderedPairs());
            case SCAN, SCAN_PAIRS -> isSameScan(expected, actual);
            case TIME -> isAlmost(expected, actual, CLOCK_SKEW_MILLIS / 1000);
            case TIME_MILLIS -> isAlmost(expected, actual, CLOCK_SKEW_MILLIS);
            case DRAWN -> !expected.isError() && shape(expected).equals(shape(actual));
            case NUMBERS -> withoutNumbers(expected).equals(withoutNumbers(actual));
            case KIND -> !expected.isError();
        };
    }

    private static RespValue deep(RespValue value) {
        return value.withParts(value.parts().stream().map(Rule::deep).toList()).unordered();
    }

    private boolean isSameScan(RespValue expected, RespValue actual) {
        if (expected.parts().size() != 2 || actual.parts().size() != 2) return false;
        boolean isSameEnd = expected.parts().getFirst().equals(actual.parts().getFirst());
        RespValue one = expected.parts().getLast();
        RespValue other = actual.parts().getLast();
        return isSameEnd
                && (this == SCAN
                        ? one.unordered().equals(other.unordered())
                        : one.unorderedPairs().equals(other.unorderedPairs()));
    }

    private static boolean isAlmost(RespValue expected, RespValue actual, long skew) {
        if (expected.kind() != ':') return false;
        long one = Long.parseLong(expected.text());
        long other = Long.parseLong(actual.text());
        return 0 < one && Math.abs(one - other) <= skew;
    }

    private static RespValue withoutNumbers(RespValue value) {
        List<RespValue> parts = value.parts().stream().map(Rule::withoutNumbers).toList();
        return new RespValue(value.kind(), value.kind() == ':' ? "" : value.text(), parts);
    }

    private static RespValue shape(RespValue value) {
        String text = value.kind() == '$' ? "" : value.text();
        List<RespValue> parts = value.parts().stream().map(Rule::shape).toList();
        char kind = value.kind() == ',' ? ',' : value.kind();
        return new RespValue(kind, value.kind() == ',' ? "" : text, parts);
    }
}

package dev.holdfast.redis.sorting;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.KeySpec.Use;
import dev.holdfast.redis.command.Numbers;
import java.util.ArrayList;
import java.util.List;

/// The keys that a call of SORT names besides the one that it sorts.
final class SortKeys {
    private static final int OPTIONS = 2; // where they begin

    private SortKeys() {}

    /// What patterns look up: any key there may be.
    static List<Use> lookedUp(List<Bytes> call) {
        List<Use> uses = new ArrayList<>();
        for (int at = OPTIONS; at < call.size(); at = next(call, at)) {
            if (at + 1 == call.size()) continue;
            boolean isBy = Numbers.isKeyword(call.get(at), "BY");
            if (isBy && new Pattern(call.get(at + 1)).hasStar())
                uses.add(Use.ofEvery("BY option of SORT", "RO", "access"));
            if (Numbers.isKeyword(call.get(at), "GET"))
                uses.add(Use.ofEvery("GET option of SORT", "RO", "access"));
        }
        return uses;
    }

    /// Where it keeps what comes out.
    static List<Use> stored(List<Bytes> call) {
        List<Use> uses = new ArrayList<>();
        for (int at = OPTIONS; at + 1 < call.size(); at = next(call, at))
            if (Numbers.isKeyword(call.get(at), "STORE")) uses.add(new Use(at + 1, "OW", "update"));
        return uses;
    }

    private static int next(List<Bytes> call, int at) {
        Bytes word = call.get(at);
        if (Numbers.isKeyword(word, "LIMIT")) return at + 3;
        boolean takesOne =
                Numbers.isKeyword(word, "BY")
                        || Numbers.isKeyword(word, "GET")
                        || Numbers.isKeyword(word, "STORE");
        return takesOne ? at + 2 : at + 1;
    }
}

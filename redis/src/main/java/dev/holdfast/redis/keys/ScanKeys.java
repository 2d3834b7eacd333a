package dev.holdfast.redis.keys;

import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.FoundKey;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.members.ScanCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]`: some keys, and the cursor to go on
/// with.
///
/// @param type in small letters; null for any
record ScanKeys(ScanCall call, @Nullable String type) implements Command {
    static final Syntax SYNTAX =
            Syntax.read("SCAN", -2, ScanKeys::parse)
                    .docs(
                            Group.GENERIC,
                            "2.8.0",
                            "O(1) for every call. O(N) for a complete iteration, including enough"
                                    + " command calls for the cursor to return back to 0. N is the"
                                    + " number of elements inside the collection.",
                            "Incrementally iterate the keys space",
                            "cursor [MATCH pattern] [COUNT count] [TYPE type]");

    private static ScanKeys parse(Words words) {
        AtomicReference<@Nullable String> type = new AtomicReference<>();
        long cursor = ScanCall.cursor(words.text(0));
        ScanCall call =
                ScanCall.parse(
                        cursor,
                        words,
                        1,
                        (keyword, options) -> {
                            if (!keyword.equals("TYPE")) throw options.unexpected();
                            type.set(options.keyword().toLowerCase(Locale.ROOT));
                        });
        return new ScanKeys(call, type.get());
    }

    @Override
    public Reply run(Keyspace keyspace) {
        List<Reply> keys = new ArrayList<>();
        long next =
                keyspace.scan(
                        call.cursor(),
                        call.count(),
                        found -> {
                            if (isWanted(found)) keys.add(Reply.bulk(found.key()));
                        });
        return call.reply(next, keys);
    }

    private boolean isWanted(FoundKey found) {
        return (type == null || type.equals(found.meta().type().word())) && call.lets(found.key());
    }
}

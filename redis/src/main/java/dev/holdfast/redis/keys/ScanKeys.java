package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Glob;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.FoundKey;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]`: some keys, and the cursor to go on
/// with.
///
/// @param type in small letters; null for any
record ScanKeys(long cursor, @Nullable Glob pattern, long count, @Nullable String type)
        implements Command {
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

    private static final long COUNT_DEFAULT = 10;
    private static final BigInteger CURSOR_END = BigInteger.ONE.shiftLeft(64);
    private static final Pattern CURSOR = Pattern.compile("[+-]?\\d{1,40}");

    private static ScanKeys parse(Words words) {
        long cursor = cursor(words.text(0));
        Glob pattern = null;
        long count = COUNT_DEFAULT;
        String type = null;
        for (Options options = words.options(1); options.more(); ) {
            switch (options.keyword()) {
                case "MATCH" -> pattern = Glob.of(options.bytes());
                case "COUNT" -> {
                    count = options.integer();
                    if (count < 1) throw options.unexpected();
                }
                case "TYPE" -> type = options.keyword().toLowerCase(Locale.ROOT);
                default -> throw options.unexpected();
            }
        }
        return new ScanKeys(cursor, pattern, count, type);
    }

    // As strtoul reads it: 64 bits, of a negative number the complement.
    private static long cursor(String text) {
        if (text.isEmpty()) return 0;
        if (!CURSOR.matcher(text).matches()) throw invalidCursor();
        var number = new BigInteger(text);
        if (number.abs().compareTo(CURSOR_END) >= 0) throw invalidCursor();
        return number.longValue();
    }

    private static RespError invalidCursor() {
        return new RespError("ERR invalid cursor");
    }

    @Override
    public Reply run(Keyspace keyspace) {
        List<Reply> keys = new ArrayList<>();
        long next =
                keyspace.scan(
                        cursor,
                        count,
                        found -> {
                            if (isWanted(found)) keys.add(Reply.bulk(found.key()));
                        });
        Bytes cursorAfter = Bytes.utf8(Long.toUnsignedString(next));
        return Reply.array(Reply.bulk(cursorAfter), Reply.array(keys));
    }

    private boolean isWanted(FoundKey found) {
        return (type == null || type.equals(found.meta().type().word()))
                && (pattern == null || pattern.matches(found.key()));
    }
}

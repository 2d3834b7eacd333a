package dev.holdfast.redis.members;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Glob;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.values.Form;
import dev.holdfast.redis.values.HashedMembers;
import dev.holdfast.redis.values.Member;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The options of SCAN and its relatives: `[MATCH pattern] [COUNT count]`.
public record ScanCall(long cursor, @Nullable Glob pattern, long count) {
    private static final long COUNT_DEFAULT = 10;
    private static final BigInteger CURSOR_END = BigInteger.ONE.shiftLeft(64);
    private static final Pattern CURSOR = Pattern.compile("[+-]?\\d{1,40}");
    private static final Reply NOTHING = Reply.array(Reply.bulk("0"), Reply.EMPTY_ARRAY);

    /// What to do with an option that not all scans have.
    public interface OtherOption {
        /// Reads on behind `keyword`; throws what [Options#unexpected] makes if it is unknown.
        void read(String keyword, Options options);
    }

    /// The options from `from` on. `other` is asked for those that are not common to all scans.
    public static ScanCall parse(long cursor, Words words, int from, OtherOption other) {
        Glob pattern = null;
        long count = COUNT_DEFAULT;
        for (Options options = words.options(from); options.more(); ) {
            String keyword = options.keyword();
            switch (keyword) {
                case "MATCH" -> pattern = Glob.of(options.bytes());
                case "COUNT" -> {
                    count = options.integer();
                    if (count < 1) throw options.unexpected();
                }
                default -> other.read(keyword, options);
            }
        }
        return new ScanCall(cursor, pattern, count);
    }

    /// A cursor as strtoul reads it: 64 bits, of a negative number the complement.
    public static long cursor(String text) {
        if (text.isEmpty()) return 0;
        if (!CURSOR.matcher(text).matches()) throw invalidCursor();
        var number = new BigInteger(text);
        if (number.abs().compareTo(CURSOR_END) >= 0) throw invalidCursor();
        return number.longValue();
    }

    /// True if the pattern lets `name` pass.
    public boolean lets(Bytes name) {
        return pattern == null || pattern.matches(name);
    }

    /// `key cursor [options]` of a collection: what is found from the cursor on. What is packed
    /// comes at once, as in Redis.
    ///
    /// @param form null if there is no such collection; then no option is looked at
    public static Reply reply(
            long cursor, Words words, @Nullable Form form, HashedMembers members, Shown shown) {
        if (form == null) return NOTHING;
        ScanCall call =
                parse(
                        cursor,
                        words,
                        2,
                        (_, options) -> {
                            throw options.unexpected();
                        });
        List<Reply> found = new ArrayList<>();
        Consumer<Member> visitor =
                member -> {
                    if (call.lets(member.name())) shown.add(member, found);
                };
        long next =
                switch (form) {
                    case PACKED -> members.scan(0, Form.PACKED_INTEGERS_MAX, visitor);
                    case SPREAD -> members.scan(call.cursor, call.count, visitor);
                };
        return call.reply(next, found);
    }

    /// How a member is shown.
    public interface Shown {
        /// Adds to `replies` what there is to say of `member`.
        void add(Member member, List<Reply> replies);
    }

    /// The cursor to go on with, and what was found.
    public Reply reply(long next, List<Reply> found) {
        Bytes cursorAfter = Bytes.utf8(Long.toUnsignedString(next));
        return Reply.array(Reply.bulk(cursorAfter), Reply.array(found));
    }

    private static RespError invalidCursor() {
        return new RespError("ERR invalid cursor");
    }
}

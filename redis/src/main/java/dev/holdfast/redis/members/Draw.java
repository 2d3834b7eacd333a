package dev.holdfast.redis.members;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.values.HashedMembers;
import dev.holdfast.redis.values.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// `key [count [word]]`: members drawn at random; with a negative count the same one may come
/// again.
///
/// @param count null: one, not in an array
/// @param values what to show of a member besides its name; null for nothing
public record Draw(Bytes key, @Nullable Long count, @Nullable Function<Member, Reply> values) {
    // What a reply may hold of members that come again: there is nothing else that bounds it.
    private static final long REPEATED_MAX = 16 << 20;

    /// The call that `words` make. `word` asks for `values`.
    public static Draw parse(Words words, String word, Function<Member, Reply> values) {
        if (words.count() == 1) return new Draw(words.key(0), null, null);
        long count = count(words, 1);
        if (words.count() == 2) return new Draw(words.key(0), count, null);
        if (3 < words.count() || !words.is(2, word)) throw new RespError(RespError.SYNTAX);
        if (count < -Long.MAX_VALUE / 2 || Long.MAX_VALUE / 2 < count)
            throw new RespError("ERR value is out of range");
        return new Draw(words.key(0), count, values);
    }

    /// The count at `index`.
    public static long count(Words words, int index) {
        long count = words.integer(index);
        if (count == Long.MIN_VALUE)
            throw new RespError(
                    "ERR value is out of range, value must between "
                            + -Long.MAX_VALUE
                            + " and "
                            + Long.MAX_VALUE);
        return count;
    }

    /// The answer, drawn from `members`, which are `total`.
    public Reply reply(HashedMembers members, long total) {
        if (count == null) return total == 0 ? Reply.NULL : Reply.bulk(members.draw(total).name());
        if (total == 0 || count == 0) return Reply.EMPTY_ARRAY;
        List<Member> drawn =
                count < 0 ? repeated(members, total) : members.drawDistinct(count, total);
        List<Reply> replies = new ArrayList<>();
        for (Member member : drawn) {
            replies.add(Reply.bulk(member.name()));
            if (values != null) replies.add(values.apply(member));
        }
        return values == null ? Reply.array(replies) : Reply.couples(replies);
    }

    private List<Member> repeated(HashedMembers members, long total) {
        if (count == null || count < -REPEATED_MAX)
            throw new RespError("ERR value is out of range");
        List<Member> drawn = new ArrayList<>();
        for (long i = 0; i < -count; i++) drawn.add(members.held(members.draw(total)));
        return drawn;
    }
}

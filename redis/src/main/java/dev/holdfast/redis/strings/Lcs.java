package dev.holdfast.redis.strings;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.Meta;
import dev.holdfast.redis.keyspace.RedisString;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// `LCS key1 key2 [options]`: the longest common subsequence of two strings.
///
/// @param words the options are read only once the types of the values were looked at
record Lcs(Words words) implements Command {
    static final Syntax SYNTAX =
            Syntax.read("LCS", -3, Lcs::new)
                    .keys(KeySpec.range(1, 2, 1, "RO", "access"))
                    .docs(
                            Group.STRING,
                            "7.0.0",
                            "O(N*M) where N and M are the lengths of s1 and s2, respectively",
                            "Find longest common substring",
                            "key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]");

    private enum Word {
        LEN,
        IDX,
        WITHMATCHLEN
    }

    private record Asked(EnumSet<Word> words, long matchLengthMin) {
        static Asked parse(Options options) {
            EnumSet<Word> words = EnumSet.noneOf(Word.class);
            long matchLengthMin = 0;
            while (options.more()) {
                switch (options.keyword()) {
                    case "LEN" -> words.add(Word.LEN);
                    case "IDX" -> words.add(Word.IDX);
                    case "WITHMATCHLEN" -> words.add(Word.WITHMATCHLEN);
                    case "MINMATCHLEN" -> matchLengthMin = options.integer();
                    default -> throw options.unexpected();
                }
            }
            if (words.containsAll(EnumSet.of(Word.LEN, Word.IDX)))
                throw new RespError(
                        "ERR If you want both the length and indexes, please just use IDX.");
            return new Asked(words, matchLengthMin);
        }
    }

    @Override
    public Reply run(Keyspace keyspace) {
        Bytes one = string(keyspace, words.key(0));
        Bytes other = string(keyspace, words.key(1));
        Asked asked = Asked.parse(words.options(2));
        if (RedisString.BYTES_MAX < 4L * (one.length() + 1L) * (other.length() + 1L))
            throw new RespError(
                    "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
        var common = new LongestSubsequence(one, other);
        if (asked.words.contains(Word.LEN)) return Reply.integer(common.length());
        if (!asked.words.contains(Word.IDX)) return Reply.bulk(common.bytes());
        return Reply.map(
                List.of(
                        Reply.bulk("matches"),
                        Reply.array(matches(common, asked)),
                        Reply.bulk("len"),
                        Reply.integer(common.length())));
    }

    private static Bytes string(Keyspace keyspace, Bytes key) {
        Meta meta = keyspace.find(key);
        if (meta == null) return Bytes.EMPTY;
        if (meta.type() != KeyType.STRING)
            throw new RespError("ERR The specified keys must contain string values");
        return keyspace.stringAt(key).read();
    }

    private static List<Reply> matches(LongestSubsequence common, Asked asked) {
        List<Reply> replies = new ArrayList<>();
        for (LongestSubsequence.Match match : common.matches()) {
            if (match.length() < asked.matchLengthMin) continue;
            List<Reply> parts = new ArrayList<>();
            parts.add(range(match.start(), match.length()));
            parts.add(range(match.otherStart(), match.length()));
            if (asked.words.contains(Word.WITHMATCHLEN)) parts.add(Reply.integer(match.length()));
            replies.add(Reply.array(parts));
        }
        return replies;
    }

    private static Reply range(int start, int length) {
        return Reply.array(Reply.integer(start), Reply.integer(start + length - 1));
    }
}

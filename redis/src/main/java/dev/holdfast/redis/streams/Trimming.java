package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import org.jspecify.annotations.Nullable;

/// The options of XADD and XTRIM up to the id: how a stream is made shorter, and whether one is
/// made.
///
/// `~` asks for no less than what it names and allows more: it is taken as it stands.
final class Trimming {
    private static final long LIMIT_DEFAULT = 10_000;

    private Strategy strategy = Strategy.NONE;
    private StreamId least = StreamId.ZERO;
    private long countMax = Long.MAX_VALUE;
    private boolean isAbout;
    private @Nullable Long limit;
    private boolean makesNoStream;
    private int next;

    /// What is removed.
    private enum Strategy {
        NONE,
        MAXLEN,
        MINID
    }

    /// Which of the two commands the options are of.
    enum Of {
        XADD,
        XTRIM
    }

    /// Reads options from the second argument on, up to where the id of XADD stands. Whether they
    /// fit together is left to [#check].
    static Trimming parse(Words words, Of command) {
        var trimming = new Trimming();
        trimming.next = 1;
        while (trimming.next < words.count() && trimming.take(words, command)) {}
        return trimming;
    }

    /// Where the id stands.
    int idPlace() {
        return next;
    }

    /// True if XADD must not make a stream.
    boolean makesNoStream() {
        return makesNoStream;
    }

    /// True if anything is to be removed.
    boolean isWanted() {
        return strategy != Strategy.NONE;
    }

    /// Makes `stream` shorter, and returns by how many entries.
    long apply(RedisStream stream) {
        if (!isWanted()) return 0;
        long most = Long.MAX_VALUE;
        if (isAbout) most = limit == null ? LIMIT_DEFAULT : limit == 0 ? Long.MAX_VALUE : limit;
        return stream.trim(least, countMax, most);
    }

    // False at the first word that is no option of XADD.
    private boolean take(Words words, Of command) {
        boolean hasMore = next + 1 < words.count();
        if (command == Of.XADD && words.is(next, "*")) return false;
        if (hasMore && words.is(next, "MAXLEN")) {
            strategy(words, Strategy.MAXLEN);
            countMax = Numbers.integer(words.bytes(next), RespError.NOT_AN_INTEGER);
            if (countMax < 0) throw new RespError("ERR The MAXLEN argument must be >= 0.");
        } else if (hasMore && words.is(next, "MINID")) {
            strategy(words, Strategy.MINID);
            least = StreamId.parseStrictly(words.bytes(next), 0);
        } else if (hasMore && words.is(next, "LIMIT")) {
            limit = Numbers.integer(words.bytes(++next), RespError.NOT_AN_INTEGER);
            if (limit < 0) throw new RespError("ERR The LIMIT argument must be >= 0.");
        } else if (command == Of.XADD && words.is(next, "NOMKSTREAM")) makesNoStream = true;
        else if (command == Of.XADD) return false;
        else throw new RespError(RespError.SYNTAX);
        next++;
        return true;
    }

    private void strategy(Words words, Strategy chosen) {
        if (strategy != Strategy.NONE)
            throw new RespError(
                    "ERR syntax error, MAXLEN and MINID options at the same time are not"
                            + " compatible");
        strategy = chosen;
        isAbout = false;
        next++;
        boolean hasMore = next + 1 < words.count();
        Bytes sign = words.bytes(next);
        if (hasMore && Numbers.isKeyword(sign, "~")) isAbout = true;
        if (hasMore && (isAbout || Numbers.isKeyword(sign, "="))) next++;
    }

    /// An error if the options do not fit together. XADD looks at its id first.
    void check(Of command) {
        if (limit != null && limit != 0 && strategy == Strategy.NONE)
            throw new RespError(
                    "ERR syntax error, LIMIT cannot be used without specifying a trimming"
                            + " strategy");
        if (command == Of.XTRIM && strategy == Strategy.NONE)
            throw new RespError("ERR syntax error, XTRIM must be called with a trimming strategy");
        if (limit != null && !isAbout)
            throw new RespError(
                    "ERR syntax error, LIMIT cannot be used without the special ~ option");
    }
}

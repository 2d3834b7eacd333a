package dev.holdfast.redis.command;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.resp.RespError;

/// A walk over the optional words at the end of a call. Not thread-safe.
///
/// ```
/// for (var options = words.options(2); options.more(); )
///     switch (options.keyword()) {
///         case "EX" -> seconds = options.integer();
///         default -> throw options.unexpected();
///     }
/// ```
public final class Options {
    private final Words words;
    private int next;

    Options(Words words, int from) {
        this.words = words;
        this.next = from;
    }

    /// True if a word is left.
    public boolean more() {
        return next < words.count();
    }

    /// How many words are left.
    public int left() {
        return words.count() - next;
    }

    /// The next word in capitals. A syntax error if there is none.
    public String keyword() {
        return words.keyword(advance());
    }

    /// The next word as it came. A syntax error if there is none.
    public Bytes bytes() {
        return words.bytes(advance());
    }

    /// The next word as an integer. A syntax error if there is none.
    public long integer() {
        return words.integer(advance());
    }

    /// The next word as an integer, or `complaint`. A syntax error if there is none.
    public long integer(String complaint) {
        return words.integer(advance(), complaint);
    }

    /// Leaves the next `count` words out. A syntax error if there are not so many.
    public void skip(int count) {
        for (int i = 0; i < count; i++) advance();
    }

    /// The error of a word that does not belong here.
    public RespError unexpected() {
        return new RespError(RespError.SYNTAX);
    }

    private int advance() {
        if (!more()) throw unexpected();
        return next++;
    }
}

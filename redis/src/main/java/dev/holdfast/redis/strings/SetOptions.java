package dev.holdfast.redis.strings;

import dev.holdfast.redis.command.Options;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/// The words that may follow the value of SET or the key of GETEX.
record SetOptions(EnumSet<Word> words, @Nullable Expiry expiry) {
    /// An option without an amount.
    enum Word {
        NX,
        XX,
        GET,
        KEEPTTL,
        PERSIST
    }

    static final SetOptions NONE = new SetOptions(EnumSet.noneOf(Word.class), null);

    boolean has(Word word) {
        return words.contains(word);
    }

    /// The options of a call, of which `allowed` may occur.
    static SetOptions parse(Options options, EnumSet<Word> allowed) {
        EnumSet<Word> words = EnumSet.noneOf(Word.class);
        Expiry expiry = null;
        while (options.more()) {
            String keyword = options.keyword();
            switch (keyword) {
                case "EX", "PX", "EXAT", "PXAT" -> {
                    var unit = Expiry.Unit.valueOf(keyword);
                    boolean fits = expiry == null || expiry.unit() == unit;
                    if (!fits || keepsOrDrops(words)) throw options.unexpected();
                    expiry = new Expiry(unit, options.bytes());
                }
                case "NX", "XX", "GET", "KEEPTTL", "PERSIST" -> {
                    Word word = Word.valueOf(keyword);
                    words.add(word);
                    boolean fits = expiry == null || !keepsOrDrops(EnumSet.of(word));
                    if (!fits || !allowed.contains(word) || isContradictory(words))
                        throw options.unexpected();
                }
                default -> throw options.unexpected();
            }
        }
        return new SetOptions(words, expiry);
    }

    private static boolean keepsOrDrops(EnumSet<Word> words) {
        return words.contains(Word.KEEPTTL) || words.contains(Word.PERSIST);
    }

    private static boolean isContradictory(EnumSet<Word> words) {
        return words.containsAll(EnumSet.of(Word.NX, Word.XX));
    }
}

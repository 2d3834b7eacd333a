package dev.holdfast.redis.command;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.resp.RespError;
import java.util.List;
import java.util.Locale;

/// The words of one call: the command's name, then its arguments, counted from 0.
///
/// The accessors throw `RespError` with Redis's text where a word is not what it should be.
public final class Words {
    private final List<Bytes> all;
    private final int skipped;

    private Words(List<Bytes> all, int skipped) {
        this.all = all;
        this.skipped = skipped;
    }

    /// The words of a request, the name first.
    public static Words of(List<Bytes> request) {
        return new Words(request, 1);
    }

    /// These words with the first argument taken as part of the name.
    Words afterSubcommand() {
        return new Words(all, skipped + 1);
    }

    /// All words, the name included.
    public List<Bytes> all() {
        return all;
    }

    /// How many arguments there are.
    public int count() {
        return all.size() - skipped;
    }

    /// The argument at `index`, as it came.
    public Bytes bytes(int index) {
        return all.get(skipped + index);
    }

    /// The argument at `index`, which names a key.
    public Bytes key(int index) {
        return bytes(index);
    }

    /// The arguments from `from` on, each of which names a key.
    public List<Bytes> keys(int from) {
        return List.copyOf(all.subList(skipped + from, all.size()));
    }

    /// The argument at `index` as text.
    public String text(int index) {
        return bytes(index).toUtf8();
    }

    /// True if the argument at `index` is `keyword`, in capitals or not. False if there is none.
    public boolean is(int index, String keyword) {
        return index < count() && Numbers.isKeyword(bytes(index), keyword);
    }

    /// The argument at `index` as a signed 64-bit integer.
    public long integer(int index) {
        return integer(index, RespError.NOT_AN_INTEGER);
    }

    /// The argument at `index` as a signed 64-bit integer; `complaint` is the error if it is none.
    public long integer(int index, String complaint) {
        return Numbers.integer(bytes(index), complaint);
    }

    /// The argument at `index` as a floating-point number.
    public double real(int index) {
        return Numbers.real(bytes(index), RespError.NOT_A_FLOAT);
    }

    /// The arguments from `from` on, to be read one by one.
    public Options options(int from) {
        return new Options(this, from);
    }

    /// The argument at `index` in capitals, to be switched on.
    String keyword(int index) {
        return text(index).toUpperCase(Locale.ROOT);
    }
}

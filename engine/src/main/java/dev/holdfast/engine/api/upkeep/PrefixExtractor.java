package dev.holdfast.engine.api.upkeep;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Says which of its first bytes are the prefix of a key: what a filter is to know of keys that
/// have something in common.
///
/// Must be a pure function of what it is given, quick, and must not throw. Its answers are part of
/// what is stored: another rule needs another [#name], or rows are missed in silence.
///
/// ```java
/// PrefixExtractor user = PrefixExtractor.until((byte) '/');  // of `ada/1815` it is `ada/`
/// builder.profile(FormatProfile.SLATEDB_0_15)
///         .filterPolicies(List.of(FilterPolicy.bloom(10).with(user)));
/// ```
public interface PrefixExtractor {
    /// No prefix.
    int NONE = -1;

    /// Tells it from others; it is stored with the filters, and with the segments. Names such as
    /// `fixed-4` and `until-2f` are those of [#fixed] and [#until] alone.
    String name();

    /// How many of the first bytes of `key` are its prefix, or [#NONE]. All keys that begin with
    /// that prefix have it.
    int lengthIn(Bytes key);

    /// How many of the first bytes of `beginning` are the prefix of every key that begins with it,
    /// or [#NONE] if that cannot be said.
    int lengthInAll(Bytes beginning);

    /// The first `length` bytes; shorter keys have no prefix.
    static PrefixExtractor fixed(int length) {
        require(1 <= length && length <= 0xffff, "length: %d", length);
        return new Fixed(length);
    }

    /// All up to the first `delimiter`, which is part of it; keys without one have no prefix.
    static PrefixExtractor until(byte delimiter) {
        return new Until(delimiter);
    }

    /// The extractor that is written so: `fixed:4`, or `until::` with one character behind the
    /// first colon. Throws [IllegalArgumentException] for anything else.
    static PrefixExtractor parse(String text) {
        if (text.startsWith("fixed:")) {
            String digits = text.substring("fixed:".length());
            require(digits.matches("[0-9]{1,5}"), "not a length: `%s`", digits);
            return fixed(Integer.parseInt(digits));
        }
        boolean isUntil = text.startsWith("until:") && text.length() == "until:".length() + 1;
        char last = isUntil ? text.charAt(text.length() - 1) : 0;
        require(isUntil && last < 0x80, "not `fixed:N` or `until:C`: `%s`", text);
        return until((byte) last);
    }

    /// The one of this interface's own extractors whose [#name] is `name`; null if there is none.
    static @Nullable PrefixExtractor named(String name) {
        if (name.matches("fixed-[1-9][0-9]{0,4}")) {
            int length = Integer.parseInt(name.substring("fixed-".length()));
            return length <= 0xffff ? fixed(length) : null;
        }
        return name.matches("until-[0-9a-f]{2}")
                ? until((byte) HexFormat.fromHexDigits(name, "until-".length(), name.length()))
                : null;
    }

    /// Throws an [AssertionError] with the first example of what `extractor` must not do with keys
    /// like `samples`. For tests of applications: one that passes may still be wrong, one that
    /// fails is.
    static void requireSound(PrefixExtractor extractor, List<Bytes> samples) {
        for (Bytes key : samples) {
            int length = extractor.lengthIn(key);
            if (length < NONE || key.length() < length)
                throw new AssertionError("a length of " + length + " in `" + key + "`");
            for (int end = 0; end <= key.length(); end++) {
                Bytes beginning = key.slice(0, end);
                int ofAll = extractor.lengthInAll(beginning);
                if (ofAll != NONE && (ofAll != length || end < ofAll))
                    throw new AssertionError(
                            "`%s` has %d, and all that begin with `%s` have %d"
                                    .formatted(key, length, beginning, ofAll));
                boolean hasPrefix = length != NONE && length <= end;
                if (hasPrefix && extractor.lengthIn(beginning) != length)
                    throw new AssertionError(
                            "`%s` has %d, and `%s` has another".formatted(key, length, beginning));
            }
        }
    }

    /// The first bytes of a key.
    record Fixed(int length) implements PrefixExtractor {
        @Override
        public String name() {
            return "fixed-" + length;
        }

        @Override
        public int lengthIn(Bytes key) {
            return length <= key.length() ? length : NONE;
        }

        @Override
        public int lengthInAll(Bytes beginning) {
            return lengthIn(beginning);
        }
    }

    /// The bytes of a key up to a delimiter.
    record Until(byte delimiter) implements PrefixExtractor {
        @Override
        public String name() {
            return "until-" + HexFormat.of().toHexDigits(delimiter);
        }

        @Override
        public int lengthIn(Bytes key) {
            byte[] array = key.array();
            for (int i = 0; i < key.length(); i++)
                if (array[key.offset() + i] == delimiter) return i + 1;
            return NONE;
        }

        @Override
        public int lengthInAll(Bytes beginning) {
            return lengthIn(beginning);
        }
    }
}

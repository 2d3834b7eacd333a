package dev.holdfast.engine.note;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.FormatException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// What is told of one ingest: where it stands among the commits, and what it holds.
///
/// @param at where it stands
/// @param rows how many
/// @param firstKey the least of their keys
/// @param lastKey the greatest
public record IngestNote(Place at, long rows, Bytes firstKey, Bytes lastKey) {
    private static final Pattern TEXT =
            Pattern.compile(
                    "ingest (\\d{1,18}) ([0-9a-f]{2,131070}) ([0-9a-f]{2,131070}) ([0-9a-f]{8})\n");

    /// Where an ingest stands among the commits.
    ///
    /// @param seqBefore the commit that it follows
    /// @param seq its own number
    /// @param walId the log object that it follows
    /// @param epoch of its writer
    public record Place(long seqBefore, long seq, long walId, long epoch) {}

    /// The bytes of the object.
    Bytes encode() {
        String text = "ingest %d %s %s ".formatted(rows, hex(firstKey), hex(lastKey));
        return Bytes.utf8(text + sumOf(text) + "\n");
    }

    /// What `object` says of the ingest at `at`. Throws [FormatException] if it is damaged.
    static IngestNote decode(Place at, Bytes object) {
        Matcher form = TEXT.matcher(object.toUtf8());
        FormatException.require(form.matches(), "no note of an ingest");
        String text = object.toUtf8().substring(0, form.start(4));
        FormatException.require(sumOf(text).equals(form.group(4)), "checksum of a note differs");
        return new IngestNote(
                at, Long.parseLong(form.group(1)), key(form.group(2)), key(form.group(3)));
    }

    private static String hex(Bytes key) {
        return HexFormat.of().formatHex(key.toArray());
    }

    private static Bytes key(String hex) {
        FormatException.require(hex.length() % 2 == 0, "half a byte in a note");
        return Bytes.wrap(HexFormat.of().parseHex(hex));
    }

    private static String sumOf(String text) {
        var sum = new CRC32();
        sum.update(Bytes.utf8(text).toArray());
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }
}

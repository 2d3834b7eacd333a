package dev.holdfast.format.filter;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.wire.BigEndian;
import dev.holdfast.format.wire.ByteReader;
import java.util.ArrayList;
import java.util.List;

/// Any number of filters with names: `count: u16`, then `name length: u16 | name | length: u64 |
/// payload` so often.
public final class CompositeFilter {
    /// The name of the Bloom filter over whole keys.
    public static final Bytes WHOLE_KEYS = Bytes.utf8("_bf");

    private static final int HEAD_BYTES = Short.BYTES + Long.BYTES; // of a part, without its name

    private CompositeFilter() {}

    /// One filter, as stored.
    public record Part(Bytes name, Bytes payload) {}

    /// Something that makes a part.
    public record Maker(Bytes name, FilterEncoder encoder) {}

    /// The parts, whatever their names.
    public static List<Part> decode(Bytes payload) {
        var in = new ByteReader(payload, "filter");
        var parts = new ArrayList<Part>();
        for (int left = in.u16(); 0 < left; left--) {
            Bytes name = in.slice(in.u16());
            parts.add(new Part(name, in.slice(in.u64())));
        }
        in.expectEnd();
        return parts;
    }

    /// The payload that holds `parts` in their order.
    public static Bytes encode(List<Part> parts) {
        long bytes = Short.BYTES;
        for (Part part : parts) bytes += HEAD_BYTES + part.name.length() + part.payload.length();
        byte[] payload = new byte[Math.toIntExact(bytes)];
        int at = BigEndian.putU16(payload, 0, parts.size());
        for (Part part : parts) {
            at = BigEndian.putU16(payload, at, part.name.length());
            part.name.copyTo(payload, at);
            at = BigEndian.putU64(payload, at + part.name.length(), part.payload.length());
            part.payload.copyTo(payload, at);
            at += part.payload.length();
        }
        return Bytes.wrap(payload);
    }
}

package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import java.nio.ByteBuffer;

/// The keys of data rows: the key of their meta row, the version that wrote them, a kind, and what
/// tells one row of the kind from another.
///
/// What has no order in Redis (fields, members) stands in the order of its hash, so that SCAN's
/// relatives can resume at a hash and a random one is a seek; what has an order stands in it.
enum MemberRow {
    /// `| index u32 |` -> bytes `[index, index + 1) * RedisString.FRAGMENT_BYTES` of a string,
    /// trailing zeros left out or not.
    FRAGMENT(1),
    /// `| position i64, sign flipped |` -> an element of a list.
    LIST_ELEMENT(2),
    /// `| hash u32 | member |` -> nothing.
    SET_MEMBER(3),
    /// `| hash u32 | member |` -> score f64.
    ZSET_MEMBER(4),
    /// `| score f64, ordered | member |` -> nothing.
    ZSET_SCORE(5),
    /// `| hash u32 | field |` -> value.
    HASH_FIELD(6),
    /// `| milliseconds u64 | sequence u64 |` -> fields and values of an entry.
    STREAM_ENTRY(7),
    /// `| group escaped | 00 01 | ... |` -> a consumer group, its consumers, what is pending.
    STREAM_GROUP(8);

    private final byte tag;

    MemberRow(int tag) {
        this.tag = (byte) tag;
    }

    /// All data rows of one version.
    static Bytes prefix(Bytes metaKey, long version) {
        ByteBuffer out = ByteBuffer.allocate(metaKey.length() + Long.BYTES);
        metaKey.copyTo(out.array(), 0);
        return Bytes.wrap(out.putLong(metaKey.length(), version).array());
    }

    /// All rows of this kind.
    KeyRange range(Bytes metaKey, long version) {
        return KeyRange.prefix(wrap(head(metaKey, version, 0)));
    }

    /// A row of [#FRAGMENT].
    static Bytes fragment(Bytes metaKey, long version, int index) {
        return wrap(FRAGMENT.head(metaKey, version, Integer.BYTES).putInt(index));
    }

    /// The index in the key of a row of [#FRAGMENT].
    static int indexOf(Bytes rowKey) {
        return rowKey.toBuffer().getInt(rowKey.length() - Integer.BYTES);
    }

    /// A row of [#LIST_ELEMENT].
    static Bytes element(Bytes metaKey, long version, long position) {
        ByteBuffer out = LIST_ELEMENT.head(metaKey, version, Long.BYTES);
        return wrap(out.putLong(position ^ Long.MIN_VALUE));
    }

    /// A row of [#SET_MEMBER], [#ZSET_MEMBER] or [#HASH_FIELD].
    Bytes hashed(Bytes metaKey, long version, KeyHash hash, Bytes name) {
        ByteBuffer out = head(metaKey, version, Integer.BYTES + name.length());
        out.putInt(hash.of(name));
        name.copyTo(out.array(), out.position());
        return wrap(out);
    }

    /// A row of [#ZSET_SCORE]. Both zeros are one score.
    static Bytes score(Bytes metaKey, long version, double score, Bytes member) {
        ByteBuffer out = ZSET_SCORE.head(metaKey, version, Double.BYTES + member.length());
        out.putLong(ordered(score));
        member.copyTo(out.array(), out.position());
        return wrap(out);
    }

    /// A row of [#STREAM_ENTRY].
    static Bytes entry(Bytes metaKey, long version, long milliseconds, long sequence) {
        ByteBuffer out = STREAM_ENTRY.head(metaKey, version, 2 * Long.BYTES);
        return wrap(out.putLong(milliseconds).putLong(sequence));
    }

    /// Bits that order as unsigned as the numbers do, minus infinity first.
    static long ordered(double score) {
        long bits = Double.doubleToLongBits(score + 0.0);
        return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
    }

    /// The number whose [#ordered] bits these are.
    static double unordered(long bits) {
        return Double.longBitsToDouble(bits < 0 ? bits ^ Long.MIN_VALUE : ~bits);
    }

    private ByteBuffer head(Bytes metaKey, long version, int more) {
        ByteBuffer out = ByteBuffer.allocate(metaKey.length() + Long.BYTES + 1 + more);
        metaKey.copyTo(out.array(), 0);
        return out.position(metaKey.length()).putLong(version).put(tag);
    }

    private static Bytes wrap(ByteBuffer filled) {
        return Bytes.wrap(filled.array());
    }
}

package dev.holdfast.redis.keyspace;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import java.nio.ByteBuffer;

/// The names of data rows: a kind, and what tells one row of the kind from another. In the key of a
/// row the name follows the key of the meta row and the version that wrote it.
///
/// What has no order in Redis (fields, members) stands in the order of its hash, so that SCAN's
/// relatives can resume at a hash and a random one is a seek; what has an order stands in it.
public enum MemberRow {
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
    STREAM_GROUP(8),
    /// `| level u8 | score f64, ordered | member |` -> how many members stand from here up to the
    /// next row of the level.
    ZSET_COUNT(9);

    private static final int HASHED_HEAD = 1 + Integer.BYTES;
    private static final int SCORE_HEAD = 1 + Double.BYTES;

    private final byte tag;

    MemberRow(int tag) {
        this.tag = (byte) tag;
    }

    /// How the keys of all data rows of one version begin.
    static Bytes prefix(Bytes metaKey, long version) {
        ByteBuffer out = ByteBuffer.allocate(metaKey.length() + Long.BYTES);
        metaKey.copyTo(out.array(), 0);
        return wrap(out.putLong(metaKey.length(), version));
    }

    /// The names of all rows of this kind.
    public KeyRange range() {
        return KeyRange.prefix(wrap(head(0)));
    }

    /// The names of the rows of this kind whose first 32 bits are `first`, as unsigned, or more.
    public KeyRange from(int first) {
        return new KeyRange(wrap(head(Integer.BYTES).putInt(first)), range().end());
    }

    /// A row of [#FRAGMENT].
    static Bytes fragment(int index) {
        return wrap(FRAGMENT.head(Integer.BYTES).putInt(index));
    }

    /// The index in the name or key of a row of [#FRAGMENT].
    static int indexOf(Bytes name) {
        return name.toBuffer().getInt(name.length() - Integer.BYTES);
    }

    /// A row of [#LIST_ELEMENT].
    public static Bytes element(long position) {
        return wrap(LIST_ELEMENT.head(Long.BYTES).putLong(position ^ Long.MIN_VALUE));
    }

    /// The position in the name of such a row.
    public static long positionIn(Bytes name) {
        return name.toBuffer().getLong(1) ^ Long.MIN_VALUE;
    }

    /// A row of [#SET_MEMBER], [#ZSET_MEMBER] or [#HASH_FIELD].
    public Bytes hashed(int hash, Bytes member) {
        ByteBuffer out = head(Integer.BYTES + member.length()).putInt(hash);
        member.copyTo(out.array(), out.position());
        return wrap(out);
    }

    /// The hash in the name of such a row.
    public static int hashIn(Bytes name) {
        return name.toBuffer().getInt(1);
    }

    /// The member or field in the name of such a row.
    public static Bytes memberIn(Bytes name) {
        return name.slice(HASHED_HEAD, name.length());
    }

    /// A row of [#ZSET_SCORE]. Both zeros are one score.
    public static Bytes score(double score, Bytes member) {
        ByteBuffer out = ZSET_SCORE.head(Double.BYTES + member.length()).putLong(ordered(score));
        member.copyTo(out.array(), out.position());
        return wrap(out);
    }

    /// How the rows of [#ZSET_SCORE] of the next greater score begin.
    public static Bytes scoreBehind(double score) {
        return wrap(ZSET_SCORE.head(Double.BYTES).putLong(ordered(score) + 1));
    }

    /// The score in the name of such a row.
    public static double scoreIn(Bytes name) {
        return unordered(name.toBuffer().getLong(1));
    }

    /// The member in the name of such a row.
    public static Bytes scoredIn(Bytes name) {
        return name.slice(SCORE_HEAD, name.length());
    }

    /// A row of [#ZSET_COUNT]: that of `level` which begins at the row `scoreName` of
    /// [#ZSET_SCORE], or before all of them if that is empty.
    public static Bytes counted(int level, Bytes scoreName) {
        int place = scoreName.isEmpty() ? 0 : scoreName.length() - 1;
        ByteBuffer out = ZSET_COUNT.head(1 + place).put((byte) level);
        if (0 < place) scoreName.slice(1, scoreName.length()).copyTo(out.array(), out.position());
        return wrap(out);
    }

    /// The name of the row of [#ZSET_SCORE] where a row of [#ZSET_COUNT] begins, or how all of them
    /// begin.
    public static Bytes countedFrom(Bytes name) {
        byte[] bytes = name.slice(1, name.length()).toArray();
        bytes[0] = ZSET_SCORE.tag;
        return Bytes.wrap(bytes);
    }

    /// The names of the rows of [#ZSET_COUNT] of one level.
    public static KeyRange counts(int level) {
        return KeyRange.prefix(counted(level, Bytes.EMPTY));
    }

    /// A row of [#STREAM_ENTRY].
    public static Bytes entry(long milliseconds, long sequence) {
        ByteBuffer out = STREAM_ENTRY.head(2 * Long.BYTES);
        return wrap(out.putLong(milliseconds).putLong(sequence));
    }

    /// The id in the name of such a row: its milliseconds.
    public static long millisecondsIn(Bytes name) {
        return name.toBuffer().getLong(1);
    }

    /// The id in the name of such a row: its sequence.
    public static long sequenceIn(Bytes name) {
        return name.toBuffer().getLong(1 + Long.BYTES);
    }

    /// A row of [#STREAM_GROUP].
    public static Bytes grouped(Bytes rest) {
        ByteBuffer out = STREAM_GROUP.head(rest.length());
        rest.copyTo(out.array(), out.position());
        return wrap(out);
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

    private ByteBuffer head(int more) {
        return ByteBuffer.allocate(1 + more).put(tag);
    }

    private static Bytes wrap(ByteBuffer filled) {
        return Bytes.wrap(filled.array());
    }
}

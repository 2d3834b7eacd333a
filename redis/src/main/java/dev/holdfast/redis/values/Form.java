package dev.holdfast.redis.values;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.keyspace.Meta;

/// How Redis would keep a collection: packed while it is small, and in a table once it was not.
///
/// As in Redis, what was spread once stays so. It decides what OBJECT ENCODING answers, whether the
/// members of a sorted set are counted, and whether SCAN's relatives return everything at once. The
/// tags are stored: they never change their meaning.
public enum Form {
    PACKED(0),
    SPREAD(1);

    /// The longest field, value or member of a hash or sorted set that is packed.
    public static final int PACKED_BYTES_MAX = 64;

    /// The most elements of a hash or sorted set that is packed.
    public static final int PACKED_COUNT_MAX = 128;

    /// The most members of a set of integers that is packed.
    public static final int PACKED_INTEGERS_MAX = 512;

    private final Bytes tail;

    Form(int tag) {
        tail = Bytes.wrap(new byte[] {(byte) tag});
    }

    /// The form in the meta row of a hash, a set or a sorted set.
    public static Form of(Meta meta) {
        return ofTail(meta.tail());
    }

    static Form ofTail(Bytes tail) {
        if (tail.isEmpty() || tail.equals(PACKED.tail)) return PACKED;
        if (tail.equals(SPREAD.tail)) return SPREAD;
        throw new StorageException.CorruptData(
                "collection form unknown. tail=`" + tail + "`", null);
    }

    Bytes tail() {
        return tail;
    }
}

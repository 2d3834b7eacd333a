package dev.holdfast.redis.values;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.keyspace.Collection;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.MemberRow;
import org.jspecify.annotations.Nullable;

/// The hash at one key, as one run sees it. Not thread-safe.
public final class RedisHash {
    private final Collection collection;
    private final HashedMembers fields;
    private long count;
    private Form form;

    private RedisHash(Collection collection) {
        this.collection = collection;
        this.fields = new HashedMembers(collection, MemberRow.HASH_FIELD);
        this.count = collection.count();
        this.form = Form.ofTail(collection.tail());
    }

    /// The hash at `key`, which may not exist; an error if there is a value of another type.
    public static RedisHash at(Keyspace keyspace, Bytes key) {
        return new RedisHash(keyspace.collectionAt(key, KeyType.HASH));
    }

    /// True if the key exists.
    public boolean exists() {
        return 0 < count;
    }

    /// How many fields there are.
    public long count() {
        return count;
    }

    /// Whether it is packed.
    public Form form() {
        return form;
    }

    /// The fields with their values, to read.
    public HashedMembers fields() {
        return fields;
    }

    /// The value of `field`; null if there is none.
    public @Nullable Bytes get(Bytes field) {
        return fields.get(field);
    }

    /// Sets `field`, and tells whether it is new. To be saved.
    public boolean put(Bytes field, Bytes value) {
        boolean isNew = fields.putIsNew(field, value);
        if (isNew) count++;
        boolean isLong = Form.PACKED_BYTES_MAX < Math.max(field.length(), value.length());
        if (isLong || Form.PACKED_COUNT_MAX < count) form = Form.SPREAD;
        return isNew;
    }

    /// Removes `field`, and tells whether it was there. To be saved.
    public boolean remove(Bytes field) {
        if (!fields.contains(field)) return false;
        fields.delete(field);
        count--;
        return true;
    }

    /// Writes what has changed but the fields themselves.
    public void save() {
        collection.save(count, form.tail());
    }
}

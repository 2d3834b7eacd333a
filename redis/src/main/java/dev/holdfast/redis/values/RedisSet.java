package dev.holdfast.redis.values;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.keyspace.Collection;
import dev.holdfast.redis.keyspace.KeyType;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.MemberRow;

/// The set at one key, as one run sees it. Not thread-safe.
public final class RedisSet {
    private static final int INTEGER_BYTES_MAX = 20;

    private final Collection collection;
    private final HashedMembers members;
    private long count;
    private Form form;

    private RedisSet(Collection collection) {
        this.collection = collection;
        this.members = new HashedMembers(collection, MemberRow.SET_MEMBER);
        this.count = collection.count();
        this.form = Form.ofTail(collection.tail());
    }

    /// The set at `key`, which may not exist; an error if there is a value of another type.
    public static RedisSet at(Keyspace keyspace, Bytes key) {
        return new RedisSet(keyspace.collectionAt(key, KeyType.SET));
    }

    /// An empty set at `key`, whatever is there now.
    public static RedisSet anewAt(Keyspace keyspace, Bytes key) {
        return new RedisSet(keyspace.overwriteAt(key, KeyType.SET));
    }

    /// True if the key exists.
    public boolean exists() {
        return 0 < count;
    }

    /// How many members there are.
    public long count() {
        return count;
    }

    /// Whether it is packed: it is as long as it holds few members, all of them integers.
    public Form form() {
        return form;
    }

    /// The members, to read.
    public HashedMembers members() {
        return members;
    }

    /// True if `member` is in the set.
    public boolean contains(Bytes member) {
        return 0 < count && members.contains(member);
    }

    /// Adds `member`, and tells whether it is new. To be saved.
    public boolean add(Bytes member) {
        if (contains(member)) return false;
        addNew(member);
        return true;
    }

    /// Adds `member`, which is known not to be there. To be saved.
    public void addNew(Bytes member) {
        members.put(member, Bytes.EMPTY);
        count++;
        if (Form.PACKED_INTEGERS_MAX < count || !isInteger(member)) form = Form.SPREAD;
    }

    /// Removes `member`, and tells whether it was there. To be saved.
    public boolean remove(Bytes member) {
        if (!contains(member)) return false;
        members.delete(member);
        count--;
        return true;
    }

    /// Writes what has changed but the members themselves.
    public void save() {
        collection.save(count, form.tail());
    }

    // In the one form that Redis writes: no plus, no leading zeros, 64 bits.
    private static boolean isInteger(Bytes member) {
        int length = member.length();
        if (length == 0 || INTEGER_BYTES_MAX < length) return false;
        for (int i = member.at(0) == '-' ? 1 : 0; i < length; i++)
            if (member.at(i) < '0' || '9' < member.at(i)) return false;
        String text = member.toUtf8();
        try {
            return Long.toString(Long.parseLong(text)).equals(text);
        } catch (NumberFormatException tooLarge) {
            return false;
        }
    }
}

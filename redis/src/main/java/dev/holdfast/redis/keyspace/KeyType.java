package dev.holdfast.redis.keyspace;

import dev.holdfast.engine.api.StorageException;
import java.util.Locale;

/// The type of a Redis value. The tags are stored: they never change their meaning.
public enum KeyType {
    STRING(1),
    LIST(2),
    SET(3),
    ZSET(4),
    HASH(5),
    STREAM(6);

    private final int tag;

    KeyType(int tag) {
        this.tag = tag;
    }

    /// The name that TYPE answers.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    int tag() {
        return tag;
    }

    static KeyType ofTag(int tag) {
        for (KeyType type : values()) if (type.tag == tag) return type;
        throw new StorageException.CorruptData("value type unknown. tag=`" + tag + "`", null);
    }
}

package dev.holdfast.redis.rdb;

import org.jspecify.annotations.Nullable;

/// The encodings of values, with the byte that stands for each.
public enum RdbType {
    STRING(0, RdbKind.STRING),
    LIST(1, RdbKind.LIST),
    SET(2, RdbKind.SET),
    /// Scores as text.
    ZSET(3, RdbKind.ZSET),
    HASH(4, RdbKind.HASH),
    /// Scores as eight bytes.
    ZSET_2(5, RdbKind.ZSET),
    /// Of a time when the values of modules did not say where they end.
    MODULE_PRE_GA(6, RdbKind.MODULE),
    MODULE_2(7, RdbKind.MODULE),
    HASH_ZIPMAP(9, RdbKind.HASH),
    LIST_ZIPLIST(10, RdbKind.LIST),
    SET_INTSET(11, RdbKind.SET),
    ZSET_ZIPLIST(12, RdbKind.ZSET),
    HASH_ZIPLIST(13, RdbKind.HASH),
    LIST_QUICKLIST(14, RdbKind.LIST),
    STREAM_LISTPACKS(15, RdbKind.STREAM),
    HASH_LISTPACK(16, RdbKind.HASH),
    ZSET_LISTPACK(17, RdbKind.ZSET),
    LIST_QUICKLIST_2(18, RdbKind.LIST),
    STREAM_LISTPACKS_2(19, RdbKind.STREAM),
    SET_LISTPACK(20, RdbKind.SET),
    STREAM_LISTPACKS_3(21, RdbKind.STREAM);

    private final int tag;
    private final RdbKind kind;

    RdbType(int tag, RdbKind kind) {
        this.tag = tag;
        this.kind = kind;
    }

    /// The byte that stands for it.
    public int tag() {
        return tag;
    }

    /// What values of it are.
    public RdbKind kind() {
        return kind;
    }

    /// The encoding that `tag` stands for; null if none is known.
    public static @Nullable RdbType ofTag(int tag) {
        for (RdbType type : values()) if (type.tag == tag) return type;
        return null;
    }
}

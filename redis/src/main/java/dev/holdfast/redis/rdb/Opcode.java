package dev.holdfast.redis.rdb;

import org.jspecify.annotations.Nullable;

/// What stands in a snapshot where no key does, with the byte that stands for it.
public enum Opcode {
    FUNCTIONS(245),
    FUNCTIONS_PRE_GA(246),
    MODULE_ASIDE(247),
    IDLE(248),
    FREQUENCY(249),
    ASIDE(250),
    SIZES(251),
    EXPIRE_MILLIS(252),
    EXPIRE_SECONDS(253),
    DATABASE(254),
    END(255);

    private final int tag;

    Opcode(int tag) {
        this.tag = tag;
    }

    /// The byte that stands for it.
    public int tag() {
        return tag;
    }

    /// What `tag` stands for; null if it is none of these.
    public static @Nullable Opcode ofTag(int tag) {
        for (Opcode opcode : values()) if (opcode.tag == tag) return opcode;
        return null;
    }
}

package dev.holdfast.redis.keyspace;

import dev.holdfast.engine.api.StorageException;

/// How a string came to be, as far as OBJECT ENCODING lets clients see it.
public enum StringForm {
    /// Set as a whole: `int`, `embstr` or `raw`, as its bytes decide.
    PLAIN(0),
    /// A computed text, never shown as `int`.
    TEXT(1),
    /// Changed in place: always `raw`.
    RAW(2);

    private final int tag;

    StringForm(int tag) {
        this.tag = tag;
    }

    int tag() {
        return tag;
    }

    static StringForm ofTag(int tag) {
        for (StringForm form : values()) if (form.tag == tag) return form;
        throw new StorageException.CorruptData("string form unknown. tag=`" + tag + "`", null);
    }
}

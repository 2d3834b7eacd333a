package dev.holdfast.redis.script;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a script says of itself.
public enum ScriptFlag {
    /// It writes nothing.
    NO_WRITES,
    /// It may run while memory is short.
    ALLOW_OOM,
    /// It may run on a replica that has lost its master.
    ALLOW_STALE,
    /// It does not run in a cluster.
    NO_CLUSTER,
    /// It may touch keys of several slots.
    ALLOW_CROSS_SLOT_KEYS;

    /// The name as scripts write it.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The flag called `word`; null if there is none.
    public static @Nullable ScriptFlag of(String word) {
        for (ScriptFlag flag : values()) if (flag.word().equals(word)) return flag;
        return null;
    }
}

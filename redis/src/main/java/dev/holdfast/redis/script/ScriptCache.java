package dev.holdfast.redis.script;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The scripts that were loaded or run, by name. Thread-safe.
///
/// Bounded: once they take too much, those go that were not used for longest. Whoever calls one of
/// these by its name hears NOSCRIPT, as after a start, and sends it again.
public final class ScriptCache {
    private final long bytesMax;
    private final Map<String, Script> byName = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    public ScriptCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    synchronized @Nullable Script find(String name) {
        return byName.get(name);
    }

    synchronized void add(Script script) {
        if (byName.put(script.name(), script) == null) bytes += script.bytes();
        Iterator<Script> eldest = byName.values().iterator();
        while (bytesMax < bytes && 1 < byName.size()) {
            bytes -= eldest.next().bytes();
            eldest.remove();
        }
    }

    synchronized void clear() {
        byName.clear();
        bytes = 0;
    }

    /// How many there are.
    public synchronized int count() {
        return byName.size();
    }

    /// About how much memory they take.
    public synchronized long bytes() {
        return bytes;
    }
}

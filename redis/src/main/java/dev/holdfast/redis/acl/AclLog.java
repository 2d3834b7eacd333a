package dev.holdfast.redis.acl;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntSupplier;

/// What clients tried and were not allowed to, the latest first. Thread-safe.
///
/// Invariant: it holds at most as many entries as it is told, each of a bounded size.
public final class AclLog {
    private static final long SAME_MILLIS_MAX = 60_000;
    private static final int LOOKED_AT_MAX = 10;
    private static final int OBJECT_LENGTH_MAX = 1024;

    private final Env env;
    private final IntSupplier countMax;
    private final Deque<Entry> entries = new ArrayDeque<>(); // guarded by this

    public AclLog(Env env, IntSupplier countMax) {
        this.env = env;
        this.countMax = countMax;
    }

    /// Where a call was made.
    public enum Place {
        TOPLEVEL,
        MULTI,
        LUA;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// What was tried.
    ///
    /// @param object the command, key or channel
    record Attempt(Denial.Reason reason, Place place, Bytes object, String user) {
        Attempt {
            // A copy: what was given may be part of something much larger.
            int length = Math.min(OBJECT_LENGTH_MAX, object.length());
            object = Bytes.wrap(object.slice(0, length).toArray());
        }
    }

    /// What was tried, how often of late, and by whom at last.
    record Entry(Attempt attempt, long count, String client, long millis) {}

    /// Notes that `client` tried.
    synchronized void add(Attempt attempt, String client) {
        long now = env.currentTimeMillis();
        long before = takeSame(attempt, now);
        entries.addFirst(new Entry(attempt, before + 1, client, now));
        while (Math.max(0, countMax.getAsInt()) < entries.size()) entries.removeLast();
    }

    // Takes the entry of the same attempt out, and returns how often it was made.
    private long takeSame(Attempt attempt, long now) {
        Iterator<Entry> latest = entries.iterator();
        for (int i = 0; i < LOOKED_AT_MAX && latest.hasNext(); i++) {
            Entry entry = latest.next();
            boolean isSame = entry.attempt.equals(attempt);
            if (!isSame || SAME_MILLIS_MAX < now - entry.millis) continue;
            latest.remove();
            return entry.count;
        }
        return 0;
    }

    /// The latest `count` entries.
    synchronized List<Entry> latest(long count) {
        List<Entry> latest = new ArrayList<>();
        for (Entry entry : entries) {
            if (count <= latest.size()) break;
            latest.add(entry);
        }
        return latest;
    }

    /// For how long nothing was added to `entry`, in seconds.
    double ageSeconds(Entry entry) {
        return Math.max(0, env.currentTimeMillis() - entry.millis) / 1000.0;
    }

    /// Forgets everything.
    synchronized void clear() {
        entries.clear();
    }
}

package dev.holdfast.lifecycle.tangle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// What earlier looks at a scope have seen: since when a count stands still, and which circles have
/// been told. Thread-safe.
public final class Motion {
    private static final int KEPT_MAX = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Sample> samples = new HashMap<>(); // guarded by `lock`
    private Set<Set<String>> told = new HashSet<>(); // guarded by `lock`

    private record Sample(long done, long sinceNanos) {}

    /// For how long `done` has been the count of `what`, as far as looks have seen.
    Duration standsSince(String what, long done, long nowNanos) {
        lock.lock();
        try {
            if (KEPT_MAX <= samples.size()) samples.clear();
            Sample seen = samples.get(what);
            if (seen == null || seen.done != done) {
                samples.put(what, new Sample(done, nowNanos));
                return Duration.ZERO;
            }
            return Duration.ofNanos(nowNanos - seen.sinceNanos);
        } finally {
            lock.unlock();
        }
    }

    /// Those of `circles` that the look before did not see.
    public List<List<String>> unseen(List<List<String>> circles) {
        lock.lock();
        try {
            Set<Set<String>> present = new HashSet<>();
            List<List<String>> fresh = new ArrayList<>();
            for (List<String> circle : circles) {
                Set<String> members = Set.copyOf(circle);
                if (present.add(members) && !told.contains(members)) fresh.add(circle);
            }
            told = present;
            return fresh;
        } finally {
            lock.unlock();
        }
    }
}

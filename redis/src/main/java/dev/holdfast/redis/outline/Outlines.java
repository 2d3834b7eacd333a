package dev.holdfast.redis.outline;

import dev.holdfast.base.Bytes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Outlines of collections that are written often, so that their rows need not be searched again.
///
/// Invariant: an outline that is kept is that of the newest commit. It is changed in the order of
/// commits, by the run that commits the change; and a run that went by an outline of a later commit
/// than it sees does not commit, since it has read the meta row, which every change writes.
///
/// What is kept is bounded: beyond that all of it is forgotten. Thread-safe.
public final class Outlines {
    private static final int KEPT_MAX = 1024;
    private static final long NAMES_MAX = 1 << 19;

    private final Map<Bytes, Outline> kept = new ConcurrentHashMap<>();
    private final Map<Bytes, Integer> missed = new ConcurrentHashMap<>();
    private long names; // guarded by this

    /// The outline called `id`; null if none is kept.
    public @Nullable Outline find(Bytes id) {
        return kept.get(id);
    }

    /// Notes that one called `id` was missed, and tells how often it was since it was made.
    public int missed(Bytes id) {
        if (KEPT_MAX < missed.size()) missed.clear();
        return missed.merge(id, 1, Integer::sum);
    }

    /// Notes that one called `id` was made, which a run that does not commit does in vain: the next
    /// is as little worth it as the first was.
    public void made(Bytes id) {
        missed.remove(id);
    }

    /// Keeps what one run has made of outlines; nothing in place of an outline means that it is not
    /// known any more. In the commit order.
    public synchronized void commit(Changes changes) {
        changes.byId.forEach((id, outline) -> {
            drop(id);
            outline.ifPresent(known -> keep(id, known));
        });
        if (kept.size() <= KEPT_MAX && names <= NAMES_MAX) return;
        kept.clear();
        names = 0;
    }

    private void keep(Bytes id, Outline outline) {
        kept.put(id, outline);
        names += outline.size();
    }

    /// Forgets the outline called `id`, and tells whether there was one.
    public synchronized boolean drop(Bytes id) {
        Outline before = kept.remove(id);
        if (before == null) return false;
        names -= before.size();
        return true;
    }

    /// What one run makes of outlines. Not thread-safe.
    public static final class Changes {
        private final Map<Bytes, Optional<Outline>> byId = new HashMap<>(2);

        public boolean isEmpty() {
            return byId.isEmpty();
        }

        /// Null if the run has not changed the one called `id`.
        public @Nullable Optional<Outline> of(Bytes id) {
            return byId.get(id);
        }

        public void put(Bytes id, Outline outline) {
            byId.put(id, Optional.of(outline));
        }

        public void forget(Bytes id) {
            byId.put(id, Optional.empty());
        }

        /// What it has come to so far, for [#backTo].
        public Map<Bytes, Optional<Outline>> mark() {
            return byId.isEmpty() ? Map.of() : Map.copyOf(byId);
        }

        /// What was done since `mark` was taken back. What was forgotten since stays forgotten.
        public void backTo(Map<Bytes, Optional<Outline>> mark) {
            byId.entrySet()
                    .removeIf(each ->
                            each.getValue().isPresent() && !mark.containsKey(each.getKey()));
            byId.replaceAll((id, now) -> now.isPresent() ? mark.getOrDefault(id, now) : now);
        }
    }
}

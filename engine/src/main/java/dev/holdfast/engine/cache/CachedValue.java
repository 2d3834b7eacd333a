package dev.holdfast.engine.cache;

/// A value in its place, and a link of the clock's ring.
final class CachedValue {
    private static final int OVERHEAD_BYTES = 64;

    final Object value;
    final long size;
    final CacheShelf<?> shelf;
    final int place;

    // Set by readers, cleared by the clock; a lost update costs one needless load.
    boolean wasUsed;
    // The rest is guarded by the clock.
    boolean isLinked;
    boolean isGone; // was removed, perhaps before it was admitted
    CachedValue previous = this;
    CachedValue next = this;

    CachedValue(Object value, long size, CacheShelf<?> shelf, int place) {
        this.value = value;
        this.size = size + OVERHEAD_BYTES;
        this.shelf = shelf;
        this.place = place;
    }

    void linkBefore(CachedValue other) {
        previous = other.previous;
        next = other;
        previous.next = this;
        next.previous = this;
    }

    void unlink() {
        previous.next = next;
        next.previous = previous;
        previous = this;
        next = this;
        isLinked = false;
    }

    void leaveShelf() {
        shelf.vacate(this);
    }
}

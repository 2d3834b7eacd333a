package dev.holdfast.engine.cache;

import dev.holdfast.engine.api.StorageException;
import dev.holdfast.lifecycle.gate.Flight;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The places of one table's values in memory, by number. Thread-safe.
///
/// A place is empty, or holds a value, or the [Flight] that brings one. It changes by compare and
/// set alone, so nobody holds a lock while a value is loaded:
///
/// ```
/// empty -> flight -> value -> empty    flight -> empty (load failed)
/// empty -> value (offered, put)
/// ```
public final class CacheShelf<V> {
    private static final VarHandle PLACES = MethodHandles.arrayElementVarHandle(Object[].class);

    private final BlockCache cache;
    private final ToLongFunction<V> sizeOf;
    private final @Nullable Object[] places;

    CacheShelf(BlockCache cache, int places, ToLongFunction<V> sizeOf) {
        this.cache = cache;
        this.sizeOf = sizeOf;
        this.places = new Object[places];
    }

    /// The value at `place`, loaded by `loader` if it is not there. Of any number of threads that
    /// miss it at once, one loads.
    public V get(int place, Supplier<V> loader) {
        V value = peek(place);
        return value != null ? value : load(place, loader);
    }

    /// The value at `place`, or null if it is not there.
    @SuppressWarnings("unchecked") // only values of this shelf's kind are put into it
    public @Nullable V peek(int place) {
        if (!(PLACES.getAcquire(places, place) instanceof CachedValue cached)) return null;
        if (!cached.wasUsed) cached.wasUsed = true;
        cache.countHit();
        return (V) cached.value;
    }

    /// True if a value is at `place`; this is no use of it.
    public boolean holds(int place) {
        return PLACES.getAcquire(places, place) instanceof CachedValue;
    }

    /// Puts `value` at `place` if that is empty and nothing has to go for it.
    public void offer(int place, V value) {
        var cached = newCached(value, place);
        if (!cache.ring().hasRoomFor(cached.size)) return;
        if (PLACES.compareAndSet(places, place, null, cached)) cache.ring().admit(cached);
    }

    /// Puts `value` at `place` if that is empty. Others go for it if they have to, as for what was
    /// loaded. Returns how many bytes it takes.
    public long put(int place, V value) {
        var cached = newCached(value, place);
        if (PLACES.compareAndSet(places, place, null, cached)) cache.ring().admit(cached);
        return cached.size;
    }

    /// How many bytes its values take. Looks at every place.
    public long bytes() {
        long bytes = 0;
        for (int place = 0; place < places.length; place++)
            if (PLACES.getAcquire(places, place) instanceof CachedValue cached)
                bytes += cached.size;
        return bytes;
    }

    /// Empties every place; what was there is in the same place of `other`, if that was empty.
    @SuppressWarnings("unchecked") // as in peek
    public void moveTo(CacheShelf<V> other) {
        for (int place = 0; place < places.length; place++) {
            if (!(PLACES.getAcquire(places, place) instanceof CachedValue cached)) continue;
            cache.ring().remove(cached);
            other.put(place, (V) cached.value);
        }
    }

    /// Empties every place.
    public void clear() {
        for (int place = 0; place < places.length; place++) {
            if (PLACES.getAcquire(places, place) instanceof CachedValue cached)
                cache.ring().remove(cached);
        }
    }

    @SuppressWarnings("unchecked") // as in peek
    private V load(int place, Supplier<V> loader) {
        while (true) {
            Object seen = PLACES.getAcquire(places, place);
            switch (seen) {
                case CachedValue cached -> {
                    return (V) cached.value;
                }
                case Flight<?> flight -> {
                    V value = cache.await((Flight<V>) flight);
                    if (value != null) return value;
                }
                case null, default -> {
                    var flight = new Flight<V>("block of a table", "store");
                    if (PLACES.compareAndSet(places, place, null, flight))
                        return fly(flight, place, loader);
                }
            }
        }
    }

    private V fly(Flight<V> flight, int place, Supplier<V> loader) {
        cache.countMiss();
        V value = null;
        try {
            value = loader.get();
            return value;
        } catch (StorageException failure) {
            flight.fail(failure);
            throw failure;
        } finally {
            CachedValue cached = value == null ? null : newCached(value, place);
            PLACES.setRelease(places, place, cached);
            flight.land(value);
            if (cached != null) cache.ring().admit(cached);
        }
    }

    private CachedValue newCached(V value, int place) {
        return new CachedValue(value, sizeOf.applyAsLong(value), this, place);
    }

    BlockCache cache() {
        return cache;
    }

    void vacate(CachedValue cached) {
        PLACES.compareAndSet(places, cached.place, cached, null);
    }
}

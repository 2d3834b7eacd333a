package dev.holdfast.simulation.matrix;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.fault.ForwardingStore;
import java.util.List;
import java.util.function.LongToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A store in which a story has its hand: in every put, and in the count of reads.
final class HookedStore extends ForwardingStore {
    private final Hook hook;
    private UnaryOperator<List<Bytes>> bodies = UnaryOperator.identity();
    private Uploading puts = Put::now;
    private LongToIntFunction unfinished = _ -> 0;
    private int gets;

    /// What becomes of a put where no condition is made.
    interface Uploading {
        PutResult put(Put put);
    }

    /// What becomes of a conditional put.
    interface Hook {
        PutResult put(String name, Put put);
    }

    /// The put itself.
    interface Put {
        PutResult now();
    }

    HookedStore(ObjectStore inner, Hook hook) {
        super(inner);
        this.hook = hook;
    }

    /// One that only counts.
    HookedStore(ObjectStore inner) {
        this(inner, (_, put) -> put.now());
    }

    /// From now on `bodies` is asked what is put where no condition is made.
    void replaceBodies(UnaryOperator<List<Bytes>> bodies) {
        this.bodies = bodies;
    }

    /// From now on `puts` has its hand in what is put where no condition is made, and `unfinished`
    /// removes what began before a time and never became an object.
    void replacePuts(Uploading puts, LongToIntFunction unfinished) {
        this.puts = puts;
        this.unfinished = unfinished;
    }

    int gets() {
        return gets;
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        return hook.put(name, () -> inner.putIfAbsent(name, parts, putId));
    }

    @Override
    public @Nullable Bytes get(String name) {
        gets++;
        return inner.get(name);
    }

    @Override
    public @Nullable Bytes get(String name, long offset, int length) {
        gets++;
        return inner.get(name, offset, length);
    }

    @Override
    public @Nullable Bytes getUpTo(String name, long offset, int lengthMax) {
        gets++;
        return inner.getUpTo(name, offset, lengthMax);
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        return puts.put(() -> inner.put(name, bodies.apply(parts)));
    }

    @Override
    public int removeUnfinished(String prefix, long beforeMillis) {
        return unfinished.applyAsInt(beforeMillis);
    }
}

package dev.holdfast.engine.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.format.manifest.BoundaryMark;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The mark that collectors of the newer profile leave before they remove numbered objects: what
/// has an id up to it may have been taken, superseded and removed, so a create that succeeds there
/// proves nothing.
///
/// It only rises. Thread-safe: it holds no state.
public final class Boundary {
    private final ObjectStore store;
    private final String name;

    private Boundary(ObjectStore store, String root, String kind) {
        this.store = store;
        name = (root.isEmpty() ? "" : root + "/") + "gc/" + kind + ".boundary";
    }

    /// That of manifests.
    public static Boundary ofManifests(ObjectStore store, String root) {
        return new Boundary(store, root, "manifest");
    }

    /// That of the compactor's states.
    public static Boundary ofCompactions(ObjectStore store, String root) {
        return new Boundary(store, root, "compactions");
    }

    /// The mark as it stands; null if there never was one. Throws `CorruptData` if it is no number.
    public @Nullable Long read() {
        Bytes object = store.get(name);
        if (object == null) return null;
        try {
            return BoundaryMark.decode(object);
        } catch (FormatException wrong) {
            throw new CorruptData(wrong.getMessage() + ". object=`" + name + "`", wrong);
        }
    }

    /// Raises the mark to `mark`, unless it is there already, and returns what stands then: what a
    /// collector may remove. Throws `Unavailable` if the store does not confirm.
    ///
    /// Two that raise it at once may leave the lower of their marks, for as long as it takes until
    /// the next collection. That harms only who sleeps longer than the age that collectors wait
    /// for, which no profile without marks survives either.
    public long raise(long mark, Ulid putId) {
        Long there = read();
        if (there != null && mark <= there) return mark;
        List<Bytes> file = List.of(BoundaryMark.encode(mark));
        PutResult put =
                there == null ? store.putIfAbsent(name, file, putId) : store.put(name, file);
        if (put instanceof PutResult.Unknown lost)
            throw new Unavailable("not confirmed. object=`" + name + "`", lost.cause());
        Long now = read();
        if (now == null) throw new Unavailable("gone. object=`" + name + "`", null);
        return Math.min(mark, now);
    }

    /// True if nothing has passed `id` yet. To be asked after a create, never before.
    boolean isBelow(long id) {
        Long mark = read();
        return mark == null || mark < id;
    }
}

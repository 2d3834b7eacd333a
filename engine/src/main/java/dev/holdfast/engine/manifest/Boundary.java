package dev.holdfast.engine.manifest;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.format.manifest.BoundaryMark;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.objectstore.api.ObjectStore;
import org.jspecify.annotations.Nullable;

/// The mark that collectors of newer engines leave before they remove numbered objects: what has an
/// id up to it may have been taken, superseded and removed, so a create that succeeds there proves
/// nothing.
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

    /// True if nothing has passed `id` yet. To be asked after a create, never before.
    boolean isBelow(long id) {
        Long mark = read();
        return mark == null || mark < id;
    }
}

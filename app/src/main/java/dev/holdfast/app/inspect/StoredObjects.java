package dev.holdfast.app.inspect;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.base.Bytes;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.upkeep.KeyUse;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The objects of one database by what they are. Only reads.
public final class StoredObjects {
    private static final int ID_DIGITS = 20;

    private final ObjectStore store;
    private final String path;
    private final String prefix;

    /// The objects of the database at `path`, which may be empty.
    public StoredObjects(ObjectStore store, String path) {
        this.store = store;
        this.path = path;
        this.prefix = path.isEmpty() ? "" : path + "/";
    }

    /// An object of a numbered kind, such as manifests.
    public record Numbered(long id, String name, long size, long modifiedMillis) {}

    /// What each encryption key stands on.
    public List<KeyUse> keysInUse() {
        return Engine.builder(store, path).keysInUse();
    }

    /// The object called `name`, below the database's path.
    public Bytes read(String name) {
        Bytes object = store.get(prefix + name);
        if (object == null) throw new Failure(ExitStatus.MISSING, "no such object: " + name);
        return object;
    }

    /// `length` bytes of the object called `name` from `offset` on; null if it is not there.
    public @Nullable Bytes read(String name, long offset, int length) {
        return store.get(prefix + name, offset, length);
    }

    /// The object called `name`, or null if there is none.
    public @Nullable Bytes find(String name) {
        return store.get(prefix + name);
    }

    /// Shows every object of the database, by its name below the database's path.
    public void visitAll(BiConsumer<String, ObjectMeta> visitor) {
        String after = null;
        List<ObjectMeta> page;
        do {
            page = store.list(prefix, after, ObjectStore.LIST_LIMIT_MAX);
            for (ObjectMeta meta : page) {
                after = meta.name();
                visitor.accept(after.substring(prefix.length()), meta);
            }
        } while (page.size() == ObjectStore.LIST_LIMIT_MAX);
    }

    /// The name of object `id` of the kind in `folder`.
    public static String name(String folder, long id, String ending) {
        return folder + "/" + "%020d".formatted(id) + ending;
    }

    /// Shows the objects in `folder` whose names end with `ending` and whose number is `from` or
    /// more, in order, until `visitor` answers false.
    public void visit(String folder, String ending, long from, Predicate<Numbered> visitor) {
        String within = prefix + folder + "/";
        String after = from <= 0 ? null : within + "%020d".formatted(from - 1) + ending;
        List<ObjectMeta> page;
        do {
            page = store.list(within, after, ObjectStore.LIST_LIMIT_MAX);
            for (ObjectMeta meta : page) {
                after = meta.name();
                Long id = idOf(meta.name().substring(within.length()), ending);
                if (id == null) continue;
                String name = meta.name().substring(prefix.length());
                var found = new Numbered(id, name, meta.size(), meta.lastModifiedMillis());
                if (!visitor.test(found)) return;
            }
        } while (page.size() == ObjectStore.LIST_LIMIT_MAX);
    }

    /// The newest object in `folder`; null if there is none.
    public @Nullable Numbered newest(String folder, String ending) {
        var newest = new AtomicReference<@Nullable Numbered>();
        visit(
                folder,
                ending,
                0,
                found -> {
                    newest.set(found);
                    return true;
                });
        return newest.get();
    }

    /// The number of the object called `name`, of the kind in `folder`; null if it is no such name.
    public static @Nullable Long idIn(String folder, String ending, String name) {
        String start = folder + "/";
        return name.startsWith(start) ? idOf(name.substring(start.length()), ending) : null;
    }

    private static @Nullable Long idOf(String file, String ending) {
        if (file.length() != ID_DIGITS + ending.length() || !file.endsWith(ending)) return null;
        try {
            return Long.parseLong(file, 0, ID_DIGITS, 10);
        } catch (NumberFormatException notNumbered) {
            return null;
        }
    }
}

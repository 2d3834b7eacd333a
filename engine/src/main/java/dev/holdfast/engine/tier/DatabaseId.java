package dev.holdfast.engine.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What tells a database from every other, and from one that stood at the same place before: a
/// small object of ours beside the files of the format, written once.
public final class DatabaseId {
    private static final String NAME = "holdfast/database.json";
    private static final Pattern CONTENT =
            Pattern.compile("\\{\"uuid\":\"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\"}\\n?");
    private static final int ATTEMPTS_MAX = 5;

    private DatabaseId() {}

    /// The id of the database at `root`, given to it now if it has none. Whoever is first decides,
    /// so it needs no put id: what is read back is what holds.
    public static UUID of(ObjectStore store, String root, Env env) {
        String name = root.isEmpty() ? NAME : root + "/" + NAME;
        UUID fresh = fresh(env);
        RuntimeException failure = null;
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            try {
                UUID there = read(store, name);
                if (there != null) return there;
                var content = Bytes.utf8("{\"uuid\":\"" + fresh + "\"}\n");
                store.putIfAbsent(name, List.of(content), Ulid.next(env));
            } catch (ObjectStoreException.Unavailable unanswered) {
                failure = unanswered;
            }
        }
        throw new Unavailable("the database's id is not readable. object=`" + name + "`", failure);
    }

    private static @Nullable UUID read(ObjectStore store, String name) {
        Bytes there = store.get(name);
        if (there == null) return null;
        Matcher content = CONTENT.matcher(there.toUtf8());
        if (content.matches()) return UUID.fromString(content.group(1));
        throw new CorruptData("no id of a database. object=`" + name + "`", null);
    }

    /// A fresh random id.
    static UUID fresh(Env env) {
        return new UUID(version4(env.randomLong()), variant(env.randomLong()));
    }

    private static long version4(long high) {
        return (high & ~0xf000L) | 0x4000L;
    }

    private static long variant(long low) {
        return (low & ~0xc000000000000000L) | 0x8000000000000000L;
    }
}

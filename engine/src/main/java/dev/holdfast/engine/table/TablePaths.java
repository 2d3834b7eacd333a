package dev.holdfast.engine.table;

import dev.holdfast.base.Ulid;
import dev.holdfast.format.manifest.ExternalDb;
import dev.holdfast.format.manifest.Manifest;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where the tables of one database lie: `compacted/<ULID>.sst` under its root, or under the root
/// of the database that it was cloned from. Immutable.
///
/// @param root of the database, empty for the store's root
/// @param foreignRoots where the tables lie that belong to other databases
public record TablePaths(String root, Map<Ulid, String> foreignRoots) {
    private static final String SUFFIX = ".sst";
    private static final Pattern TABLE =
            Pattern.compile("(.+/)?compacted/[0-9A-Z]{" + Ulid.TEXT_LENGTH + "}\\.sst");

    public TablePaths {
        foreignRoots = Map.copyOf(foreignRoots);
    }

    /// The paths of a database all of whose tables are its own.
    public static TablePaths of(String root) {
        return new TablePaths(root, Map.of());
    }

    /// The paths of the database that `manifest` describes.
    public static TablePaths of(String root, Manifest manifest) {
        Map<Ulid, String> foreignRoots = new HashMap<>();
        for (ExternalDb other : manifest.externalDbs())
            for (Ulid id : other.sstIds()) foreignRoots.put(id, rootOf(other));
        return new TablePaths(root, foreignRoots);
    }

    /// The root of another database as object names have it.
    public static String rootOf(ExternalDb other) {
        return other.path().replaceAll("^/+|/+$", "");
    }

    /// The name of the table's object.
    public String name(Ulid id) {
        String foreign = foreignRoots.get(id);
        return prefix(foreign == null ? root : foreign) + id + SUFFIX;
    }

    /// What the names of the database's own tables begin with.
    public String prefix() {
        return prefix(root);
    }

    /// The id in the name of one of the database's own tables; null if it is no such name.
    public @Nullable Ulid id(String name) {
        int start = prefix().length();
        int end = start + Ulid.TEXT_LENGTH;
        if (!name.startsWith(prefix()) || name.length() != end + SUFFIX.length()) return null;
        if (!name.endsWith(SUFFIX)) return null;
        try {
            return Ulid.parse(name.substring(start, end));
        } catch (IllegalArgumentException foreign) {
            return null;
        }
    }

    /// True if an object of that name is a table of some database.
    public static boolean isTable(String name) {
        return TABLE.matcher(name).matches();
    }

    private static String prefix(String root) {
        return root.isEmpty() ? "compacted/" : root + "/compacted/";
    }
}

package dev.holdfast.engine.manifest;

import java.util.Locale;

/// The names of objects that are numbered, such as `manifest/00000000000000000007.manifest`, under
/// the root of one database.
public final class NumberedNames {
    private static final int DIGITS = 20;

    private final String prefix;
    private final String suffix;

    private NumberedNames(String root, String folder, String suffix) {
        prefix = (root.isEmpty() ? "" : root + "/") + folder + "/";
        this.suffix = suffix;
    }

    /// Manifests. An empty `root` is the root of the store.
    public static NumberedNames manifests(String root) {
        return new NumberedNames(root, "manifest", ".manifest");
    }

    /// Objects of the log.
    public static NumberedNames wals(String root) {
        return new NumberedNames(root, "wal", ".sst");
    }

    /// States of the compactor.
    public static NumberedNames compactions(String root) {
        return new NumberedNames(root, "compactions", ".compactions");
    }

    /// The name of object `id`. Names sort as ids do.
    public String name(long id) {
        return prefix + String.format(Locale.ROOT, "%0" + DIGITS + "d", id) + suffix;
    }

    /// What all names begin with.
    public String prefix() {
        return prefix;
    }

    /// The id in `name`, or -1 if it is not such a name.
    public long id(String name) {
        int end = prefix.length() + DIGITS;
        if (name.length() != end + suffix.length()) return -1;
        if (!name.startsWith(prefix) || !name.endsWith(suffix)) return -1;
        long id = 0;
        for (int i = prefix.length(); i < end; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || 9 < digit || (Long.MAX_VALUE - digit) / 10 < id) return -1;
            id = 10 * id + digit;
        }
        return id;
    }
}

package dev.holdfast.engine.tier;

import dev.holdfast.base.Ulid;
import java.nio.file.Path;
import java.util.Locale;

/// The names in the directory of a local log.
final class SegmentNames {
    static final String LOCK = "lock";
    static final String IDENTITY = "identity";
    static final String IDENTITY_NEXT = "identity.next";
    static final String DIVERGED = "diverged";
    static final String TABLES = "tables";
    static final String TABLES_NEXT = "tables.next";

    private static final String SEGMENT = "segment-";
    private static final String SPARE = "spare-";
    private static final String SUFFIX = ".log";
    private static final String TABLE = "table-";
    private static final String TABLE_SUFFIX = ".sst";
    private static final String TEMPORARY_SUFFIX = ".tmp";
    private static final int DIGITS = 20;

    private final Path directory;

    SegmentNames(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    Path at(String name) {
        return directory.resolve(name);
    }

    Path segment(long number) {
        return at(SEGMENT + String.format(Locale.ROOT, "%0" + DIGITS + "d", number) + SUFFIX);
    }

    Path spare(long number) {
        return at(SPARE + String.format(Locale.ROOT, "%0" + DIGITS + "d", number) + SUFFIX);
    }

    Path table(Ulid id) {
        return at(TABLE + id + TABLE_SUFFIX);
    }

    /// Where a table is written before it gets its name, for the `attempt`-th time of a life.
    Path temporary(Ulid id, long attempt) {
        return at(TABLE + id + "-" + attempt + TEMPORARY_SUFFIX);
    }

    /// True if `name` is that of a table, whole or not.
    static boolean isTable(String name) {
        return name.startsWith(TABLE);
    }

    /// The number of a segment, or -1 if `name` is no segment's.
    static long numberOfSegment(String name) {
        return number(name, SEGMENT);
    }

    /// The number of a spare file, or -1 if `name` is no spare file's.
    static long numberOfSpare(String name) {
        return number(name, SPARE);
    }

    private static long number(String name, String prefix) {
        int end = prefix.length() + DIGITS;
        if (name.length() != end + SUFFIX.length()) return -1;
        if (!name.startsWith(prefix) || !name.endsWith(SUFFIX)) return -1;
        long number = 0;
        for (int i = prefix.length(); i < end; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || 9 < digit || (Long.MAX_VALUE - digit) / 10 < number) return -1;
            number = 10 * number + digit;
        }
        return number;
    }
}

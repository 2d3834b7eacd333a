package dev.holdfast.redis.rdb;

import dev.holdfast.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/// Some entries of a stream in a row, as they stand in one listpack: ids as differences from the
/// first one, names of fields left out where they are those of the first.
///
/// Which entries share a block follows from their sizes alone, so that the blocks of a stream can
/// be counted before they are written. Not thread-safe.
final class StreamBlock {
    private static final int ENTRIES_MAX = 100;
    private static final long BYTES_MAX = 16 << 10;
    private static final int SAME_FIELDS = 2;

    private final List<RdbPart.Entry> entries = new ArrayList<>();
    private long bytes;

    /// True if `next` does not belong to it any more.
    boolean isFullFor(RdbPart.Entry next) {
        if (entries.isEmpty()) return false;
        return entries.size() == ENTRIES_MAX || BYTES_MAX < bytes + next.weight();
    }

    void add(RdbPart.Entry next) {
        entries.add(next);
        bytes += next.weight();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /// Writes it, and is empty afterwards.
    void writeTo(RdbOutput out) {
        RdbPart.Entry first = entries.getFirst();
        out.length(StreamPoint.BYTES);
        out.raw(first.id());
        List<Bytes> names = names(first);
        var listpack = new ListpackBuilder();
        listpack.add(entries.size());
        listpack.add(0);
        listpack.add(names.size());
        for (Bytes name : names) listpack.add(name);
        listpack.add(0);
        for (RdbPart.Entry entry : entries) add(listpack, entry, first.id(), names);
        out.string(listpack.build());
        clear();
    }

    /// Forgets its entries.
    void clear() {
        entries.clear();
        bytes = 0;
    }

    private static void add(
            ListpackBuilder listpack, RdbPart.Entry entry, StreamPoint first, List<Bytes> names) {
        boolean isSame = names(entry).equals(names);
        int fields = entry.fields().size();
        listpack.add(isSame ? SAME_FIELDS : 0);
        listpack.add(entry.id().millis() - first.millis());
        listpack.add(entry.id().sequence() - first.sequence());
        if (!isSame) listpack.add(fields / 2);
        for (int i = isSame ? 1 : 0; i < fields; i += isSame ? 2 : 1)
            listpack.add(entry.fields().get(i));
        listpack.add(isSame ? 3 + fields / 2 : 4 + fields);
    }

    private static List<Bytes> names(RdbPart.Entry entry) {
        List<Bytes> names = new ArrayList<>();
        for (int i = 0; i < entry.fields().size(); i += 2) names.add(entry.fields().get(i));
        return names;
    }
}

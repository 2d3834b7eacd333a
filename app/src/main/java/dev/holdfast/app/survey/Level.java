package dev.holdfast.app.survey;

import dev.holdfast.base.Bytes;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.sst.SstProperties;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The tables of L0, or of one sorted run.
///
/// @param run the number of the run; null for L0
/// @param segment the beginning of all its keys, where the database is cut into segments
/// @param bytes about how large the tables are
/// @param filterBytes what their filters take, in the store
/// @param indexBytes what their indexes take, in the store
/// @param firstKey null if there is no table
/// @param lastKey null if there is no table
public record Level(
        @Nullable Long run,
        @Nullable Bytes segment,
        int tables,
        long bytes,
        long filterBytes,
        long indexBytes,
        Set<String> codecs,
        @Nullable Bytes firstKey,
        @Nullable Bytes lastKey,
        RowCounts rows) {

    /// Where a level belongs.
    record Place(@Nullable Long run, @Nullable Bytes segment) {}

    static Level of(Place place, List<SstView> views, Function<SstView, RowCounts> ask) {
        var codecs = new TreeSet<String>();
        Bytes first = null;
        Bytes last = null;
        RowCounts rows = RowCounts.NONE;
        for (SstView view : views) {
            SstProperties properties = view.sst().properties();
            codecs.add(properties.codec().name().toLowerCase(java.util.Locale.ROOT));
            Bytes low = properties.firstEntry();
            Bytes high = properties.lastEntry();
            if (low != null && (first == null || low.compareTo(first) < 0)) first = low;
            if (high != null && (last == null || last.compareTo(high) < 0)) last = high;
            rows = rows.plus(ask.apply(view));
        }
        return new Level(
                place.run(),
                place.segment(),
                views.size(),
                sum(views, SstProperties::propertiesOffset),
                sum(views, properties -> properties.filter().length()),
                sum(views, properties -> properties.index().length()),
                codecs,
                first,
                last,
                rows);
    }

    private static long sum(List<SstView> views, ToLongFunction<SstProperties> size) {
        return views.stream().mapToLong(view -> size.applyAsLong(view.sst().properties())).sum();
    }

    /// True if it is not a sorted run.
    public boolean isL0() {
        return run == null;
    }
}

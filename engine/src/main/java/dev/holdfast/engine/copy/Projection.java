package dev.holdfast.engine.copy;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.format.manifest.Bound;
import dev.holdfast.format.manifest.KeyBounds;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What of a manifest's tables lies in a range of keys: tables outside of it are left out, those
/// across a bound show only what is inside. A view is never made wider than it was. Pure.
final class Projection {
    private Projection() {}

    /// The tables of all levels of `manifest`.
    static Stream<SstView> tables(Manifest manifest) {
        Stream<SstView> inSegments =
                manifest.segments().stream().flatMap(each -> tables(each.l0(), each.sortedRuns()));
        return Stream.concat(tables(manifest.l0(), manifest.sortedRuns()), inSegments);
    }

    private static Stream<SstView> tables(List<SstView> l0, List<SortedRun> runs) {
        return Stream.concat(l0.stream(), runs.stream().flatMap(run -> run.ssts().stream()));
    }

    /// `views` as far as they lie in `range`, in the same order.
    static List<SstView> views(List<SstView> views, KeyRange range) {
        var kept = new ArrayList<SstView>();
        for (SstView each : views) {
            SstView cut = cut(each, range);
            if (cut != null) kept.add(cut);
        }
        return kept;
    }

    /// The sorted runs that have something in `range`, under their own ids.
    static List<SortedRun> runs(List<SortedRun> runs, KeyRange range) {
        var kept = new ArrayList<SortedRun>();
        for (SortedRun each : runs) {
            List<SstView> ssts = views(each.ssts(), range);
            if (!ssts.isEmpty()) kept.add(new SortedRun(each.id(), ssts));
        }
        return kept;
    }

    private static @Nullable SstView cut(SstView view, KeyRange range) {
        if (isOutside(view, range)) return null;
        if (isInside(view, range)) return view;
        KeyBounds before = view.visible();
        Bound start = startOf(range);
        Bound end = endOf(range);
        var visible =
                before == null
                        ? new KeyBounds(start, end)
                        : new KeyBounds(later(before.start(), start), earlier(before.end(), end));
        return new SstView(view.id(), view.sst(), visible);
    }

    private static boolean isOutside(SstView view, KeyRange range) {
        Bytes first = firstKey(view);
        Bytes last = lastKey(view);
        boolean isBefore =
                last != null && range.start() != null && last.compareTo(range.start()) < 0;
        boolean isBehind =
                first != null && range.end() != null && range.end().compareTo(first) <= 0;
        return isBefore || isBehind;
    }

    private static boolean isInside(SstView view, KeyRange range) {
        Bytes first = firstKey(view);
        Bytes last = lastKey(view);
        boolean isFromStart =
                range.start() == null || (first != null && range.start().compareTo(first) <= 0);
        boolean isToEnd = range.end() == null || (last != null && last.compareTo(range.end()) < 0);
        return isFromStart && isToEnd;
    }

    /// No visible key lies below it; null if that is not known.
    static @Nullable Bytes firstKey(SstView view) {
        Bytes first = view.sst().properties().firstEntry();
        KeyBounds visible = view.visible();
        Bytes bound = visible == null ? null : visible.start().key();
        if (first == null || bound == null) return first == null ? bound : first;
        return first.compareTo(bound) < 0 ? bound : first;
    }

    /// No visible key lies above it; null if that is not known.
    static @Nullable Bytes lastKey(SstView view) {
        Bytes last = view.sst().properties().lastEntry();
        KeyBounds visible = view.visible();
        Bytes bound = visible == null ? null : visible.end().key();
        if (last == null || bound == null) return last == null ? bound : last;
        return last.compareTo(bound) < 0 ? last : bound;
    }

    private static Bound startOf(KeyRange range) {
        Bytes start = range.start();
        return start == null ? Bound.OPEN : new Bound(Bound.Kind.INCLUDED, start);
    }

    private static Bound endOf(KeyRange range) {
        Bytes end = range.end();
        return end == null ? Bound.OPEN : new Bound(Bound.Kind.EXCLUDED, end);
    }

    private static Bound later(Bound one, Bound other) {
        Bytes a = one.key();
        Bytes b = other.key();
        if (a == null) return other;
        if (b == null) return one;
        int order = a.compareTo(b);
        if (order == 0) return one.kind() == Bound.Kind.EXCLUDED ? one : other;
        return order < 0 ? other : one;
    }

    private static Bound earlier(Bound one, Bound other) {
        Bytes a = one.key();
        Bytes b = other.key();
        if (a == null) return other;
        if (b == null) return one;
        int order = a.compareTo(b);
        if (order == 0) return one.kind() == Bound.Kind.EXCLUDED ? one : other;
        return order < 0 ? one : other;
    }
}

package dev.holdfast.engine.copy;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.wal.WalReplayer;
import dev.holdfast.format.manifest.Bound;
import dev.holdfast.format.manifest.KeyBounds;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SstView;
import dev.holdfast.format.row.RowCursor;
import dev.holdfast.lifecycle.durable.Durable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys that an origin of a union has, from the first to the last, as its tables and its log
/// tell. Not thread-safe.
final class KeyHull implements WalReplayer.Sink {
    private final Origin origin;
    private @Nullable Bytes first;
    private @Nullable Bytes last;
    private boolean isLastOut; // the last key is that of an excluded end

    private KeyHull(Origin origin) {
        this.origin = origin;
    }

    /// Throws `Invalid` if two of `origins` may have the same key.
    static void requireDisjoint(List<Origin> origins, Place place) throws InterruptedException {
        if (origins.size() == 1) return;
        List<KeyHull> hulls = new ArrayList<>();
        for (Origin each : origins) hulls.add(of(each, place));
        for (int i = 0; i < hulls.size(); i++)
            for (int j = 0; j < i; j++) hulls.get(i).requireApartFrom(hulls.get(j));
    }

    private static KeyHull of(Origin origin, Place place) throws InterruptedException {
        var hull = new KeyHull(origin);
        origin.tables().forEach(hull::add);
        Manifest manifest = origin.manifest();
        new WalReplayer(
                        place.store(),
                        origin.source().path(),
                        place.env(),
                        place.token(),
                        manifest.lastL0Seq())
                .openedBy(place.sealing())
                .replay(manifest.replayAfterWalId(), manifest.walIdLastSeen(), hull);
        return hull;
    }

    private void add(SstView table) {
        Bytes low = Projection.firstKey(table);
        Bytes high = Projection.lastKey(table);
        if (low != null) reachDown(low);
        if (high == null) return;
        KeyBounds visible = table.visible();
        boolean isOut =
                visible != null
                        && visible.end().kind() == Bound.Kind.EXCLUDED
                        && high.equals(visible.end().key());
        reachUp(high, isOut ? Bound.Kind.EXCLUDED : Bound.Kind.INCLUDED);
    }

    private void reachDown(Bytes key) {
        Bytes low = first;
        if (low == null || key.compareTo(low) < 0) first = Bytes.copyOf(key.toArray());
    }

    private void reachUp(Bytes key, Bound.Kind kind) {
        Bytes high = last;
        boolean isOut = kind == Bound.Kind.EXCLUDED;
        int order = high == null ? -1 : high.compareTo(key);
        if (order == 0) isLastOut &= isOut;
        if (order >= 0) return;
        last = Bytes.copyOf(key.toArray());
        isLastOut = isOut;
    }

    @Override
    public void row(RowCursor row) {
        Bytes key = Bytes.wrap(row.keyArray(), row.keyOffset(), row.keyLength());
        if (!origin.range().contains(key)) return;
        reachDown(key);
        reachUp(key, Bound.Kind.INCLUDED);
    }

    @Override
    public void endOfCommit(Durable<Long> seq) {}

    @Override
    public void endOfObject(Durable<Long> id, long lastSeq) {}

    private void requireApartFrom(KeyHull other) {
        if (isApartByRange(other) || endsBelow(other) || other.endsBelow(this)) return;
        throw new Invalid(
                "two sources may have the same keys: say which to take of each. paths=`%s`, `%s`"
                        .formatted(other.origin.source().path(), origin.source().path()),
                null);
    }

    // True too if one of both has no key at all.
    private boolean endsBelow(KeyHull other) {
        Bytes high = last;
        Bytes low = other.first;
        if (high == null || low == null) return true;
        int order = high.compareTo(low);
        return order < 0 || (order == 0 && isLastOut);
    }

    private boolean isApartByRange(KeyHull other) {
        return isBefore(origin.range().end(), other.origin.range().start())
                || isBefore(other.origin.range().end(), origin.range().start());
    }

    private static boolean isBefore(@Nullable Bytes end, @Nullable Bytes start) {
        return end != null && start != null && end.compareTo(start) <= 0;
    }
}

package dev.holdfast.engine.manifest;

import dev.holdfast.engine.api.upkeep.SeqTimes;
import dev.holdfast.format.manifest.SequenceTracker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/// What a manifest's sequence tracker knows.
public record TrackedTimes(SequenceTracker tracker) implements SeqTimes {
    @Override
    public @Nullable Point at(Instant time, Rounding rounding) {
        // A second holds all of its moments: rounded up, one within a second means the next.
        boolean isWithin = rounding == Rounding.UP && 0 < time.getNano();
        long second = time.getEpochSecond() + (isWithin ? 1 : 0);
        return found(tracker::unixSeconds, second, rounding);
    }

    @Override
    public @Nullable Point of(long seq, Rounding rounding) {
        return found(tracker::seq, seq, rounding);
    }

    // Of points that are alike, the last counts downwards and the first upwards.
    private @Nullable Point found(IntToLongFunction measure, long wanted, Rounding rounding) {
        int low = 0;
        int high = tracker.count();
        while (low < high) {
            int middle = (low + high) >>> 1;
            long there = measure.applyAsLong(middle);
            boolean isBefore = rounding == Rounding.UP ? there < wanted : there <= wanted;
            if (isBefore) low = middle + 1;
            else high = middle;
        }
        int index = rounding == Rounding.UP ? low : low - 1;
        return 0 <= index && index < tracker.count() ? point(index) : null;
    }

    private Point point(int index) {
        return new Point(tracker.seq(index), Instant.ofEpochSecond(tracker.unixSeconds(index)));
    }

    @Override
    public List<Point> points() {
        var points = new ArrayList<Point>(tracker.count());
        for (int i = 0; i < tracker.count(); i++) points.add(point(i));
        return points;
    }
}

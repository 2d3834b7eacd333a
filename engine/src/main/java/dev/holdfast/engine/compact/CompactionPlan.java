package dev.holdfast.engine.compact;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.SortedRun;
import dev.holdfast.format.manifest.SstView;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which tables are to become one sorted run.
///
/// Sources lie side by side in age: the oldest of L0, or neighbouring runs, or both with the newest
/// run. So what is newer than one of them is newer than all, and the run that they become can take
/// their place.
///
/// @param l0 view ids, newest first
/// @param runs ids, newest first
/// @param destination the id of the run that they become: that of the oldest run among them, or a
///   new one above all others if there is no run among them
/// @param segment the prefix of the segment that all of it belongs to; null outside of segments
public record CompactionPlan(
        List<Ulid> l0, List<Long> runs, long destination, @Nullable Bytes segment) {
    /// Outside of segments.
    public CompactionPlan(List<Ulid> l0, List<Long> runs, long destination) {
        this(l0, runs, destination, null);
    }

    public CompactionPlan {
        l0 = List.copyOf(l0);
        runs = List.copyOf(runs);
        require(!l0.isEmpty() || !runs.isEmpty(), "a compaction of nothing");
        require(0 <= destination && destination <= 0xffffffffL, "destination=%d", destination);
    }

    /// The same in a segment.
    public CompactionPlan in(@Nullable Bytes other) {
        return new CompactionPlan(l0, runs, destination, other);
    }

    /// True if the manifest `whole` still has all the sources, and they lie side by side.
    public boolean fits(Manifest whole) {
        Manifest manifest = whole.tree(segment);
        List<Ulid> presentL0 = manifest.l0().stream().map(SstView::id).toList();
        List<Long> presentRuns = manifest.sortedRuns().stream().map(SortedRun::id).toList();
        if (presentL0.size() < l0.size() || presentRuns.size() < runs.size()) return false;
        int first = runs.isEmpty() ? 0 : presentRuns.indexOf(runs.getFirst());
        boolean touches = l0.isEmpty() || first == 0;
        if (first < 0 || !touches || presentRuns.size() < first + runs.size()) return false;
        return presentL0.subList(presentL0.size() - l0.size(), presentL0.size()).equals(l0)
                && presentRuns.subList(first, first + runs.size()).equals(runs)
                && hasPlace(presentRuns);
    }

    private boolean hasPlace(List<Long> presentRuns) {
        return runs.isEmpty()
                ? presentRuns.isEmpty() || presentRuns.getFirst() < destination
                : runs.getLast() == destination;
    }

    /// True if nothing older than the sources is left in the manifest `whole`: what a removed key's
    /// tombstone hides is then among them.
    public boolean reachesBottom(Manifest whole) {
        List<SortedRun> present = whole.tree(segment).sortedRuns();
        if (present.isEmpty()) return true;
        return !runs.isEmpty() && runs.getLast() == present.getLast().id();
    }

    /// True if no source is a source of `other` too.
    public boolean isApartFrom(CompactionPlan other) {
        // L0 leaves in order, one by one.
        boolean sharesL0 =
                !l0.isEmpty() && !other.l0.isEmpty() && Objects.equals(segment, other.segment);
        return !sharesL0 && runs.stream().noneMatch(other.runs::contains);
    }
}

package dev.holdfast.simulation.explore;

import dev.holdfast.simulation.schedule.Access;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A point of a run where somebody was chosen: who could have been, who has been, who should be.
final class Junction {
    /// Who could run here.
    private final Set<Integer> enabled;

    /// Whose turn would come to the same as an order that was run already.
    private final Set<Integer> asleep;

    private final Set<Integer> wanted = new LinkedHashSet<>();
    private final Set<Integer> done = new LinkedHashSet<>();
    private int chosen;
    private @Nullable Access access;

    Junction(Set<Integer> enabled, Set<Integer> asleep, int chosen) {
        this.enabled = enabled;
        this.asleep = asleep;
        this.chosen = chosen;
        wanted.add(chosen);
    }

    int chosen() {
        return chosen;
    }

    Set<Integer> asleep() {
        return asleep;
    }

    /// Whose turns were run from here before the present one.
    Set<Integer> done() {
        return done;
    }

    /// What the chosen one does; null if nobody else can see it.
    @Nullable Access access() {
        return access;
    }

    void does(@Nullable Access what) {
        access = what;
    }

    /// Has one of those run here once, unless one of them is wanted already; if none of them could,
    /// everyone who could.
    void wantOneOf(List<Integer> actors) {
        for (int each : actors) if (wanted.contains(each)) return;
        for (int each : actors) {
            if (enabled.contains(each)) {
                wanted.add(each);
                return;
            }
        }
        wantAll();
    }

    void wantAll() {
        wanted.addAll(enabled);
    }

    /// Goes on to the next one who should run here; false if there is none left.
    boolean turn() {
        done.add(chosen);
        for (int each : wanted) {
            if (!done.contains(each) && !asleep.contains(each)) {
                chosen = each;
                return true;
            }
        }
        return false;
    }
}

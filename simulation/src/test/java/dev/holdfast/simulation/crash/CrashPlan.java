package dev.holdfast.simulation.crash;

import dev.holdfast.simulation.store.CrashPoint;
import java.util.List;

/// Where the first machines die, one point each.
///
/// @param crashes of the first machine, the second, ...
/// @param landsAt the call of the last opener at which what died late is carried out; negative for
///   right after it has opened
record CrashPlan(List<CrashPoint> crashes, int landsAt) {
    CrashPlan {
        crashes = List.copyOf(crashes);
    }

    static CrashPlan none() {
        return new CrashPlan(List.of(), -1);
    }

    static CrashPlan of(CrashPoint... crashes) {
        return new CrashPlan(List.of(crashes), -1);
    }

    CrashPlan landingAt(int call) {
        return new CrashPlan(crashes, call);
    }

    /// The point at which the machine of `life` dies. There must be one.
    CrashPoint of(int life) {
        return crashes.get(life);
    }

    boolean dooms(int life) {
        return life < crashes.size();
    }

    @Override
    public String toString() {
        String landing = landsAt < 0 ? "" : " landing at " + landsAt;
        return crashes.stream().map(at -> at.call() + ":" + at.way()).toList() + landing;
    }
}

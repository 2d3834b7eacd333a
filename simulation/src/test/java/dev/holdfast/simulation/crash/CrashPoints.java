package dev.holdfast.simulation.crash;

import dev.holdfast.objectstore.fault.StoreCall.Operation;
import dev.holdfast.simulation.store.CrashPoint;
import dev.holdfast.simulation.store.CrashPoint.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The crash points of one script under one schedule, told one after another.
final class CrashPoints {
    private final Script script;
    private final long seed;
    private final CrashTally tally;

    CrashPoints(Script script, long seed, CrashTally tally) {
        this.script = script;
        this.seed = seed;
        this.tally = tally;
    }

    /// The first machine dies: at each of its calls, in each way.
    void single() {
        for (CrashPoint crash : firsts()) tell(CrashPlan.of(crash));
    }

    /// What the first machine was about to store arrives late: at each call of the next opener.
    void late() {
        for (CrashPoint crash : firsts()) {
            if (crash.way() != Way.LATE) continue;
            int calls = tell(CrashPlan.of(crash)).callsOf(1).size();
            for (int at = 0; at < calls; at++) tell(CrashPlan.of(crash).landingAt(at));
        }
    }

    /// The first machine dies, and the next while it recovers or goes on: `count` pairs of points,
    /// drawn at random.
    void twice(int count) {
        var random = new SplittableRandom(seed);
        List<CrashPoint> firsts = firsts();
        for (int i = 0; i < count; i++) {
            CrashPoint first = firsts.get(random.nextInt(firsts.size()));
            List<CrashPoint> seconds = seconds(first);
            tell(CrashPlan.of(first, seconds.get(random.nextInt(seconds.size()))));
        }
    }

    private List<CrashPoint> firsts() {
        return pointsOf(tell(CrashPlan.none()).callsOf(0));
    }

    private List<CrashPoint> seconds(CrashPoint first) {
        return pointsOf(tell(CrashPlan.of(first)).callsOf(1));
    }

    private static List<CrashPoint> pointsOf(List<Operation> calls) {
        var found = new ArrayList<CrashPoint>();
        for (int call = 0; call < calls.size(); call++)
            for (Way way : Way.values()) {
                // For a call that changes nothing the other ways are the same as one of these two.
                boolean isSame = way != Way.BEFORE && way != Way.REQUEST_LOST;
                if (calls.get(call).isMutation() || !isSame) found.add(new CrashPoint(call, way));
            }
        return found;
    }

    private CrashStory tell(CrashPlan plan) {
        var story = new CrashStory(script, seed, plan);
        tally.add(story, plan, story.run());
        return story;
    }
}

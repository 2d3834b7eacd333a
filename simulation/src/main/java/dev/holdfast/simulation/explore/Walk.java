package dev.holdfast.simulation.explore;

import dev.holdfast.simulation.agent.Accesses;
import dev.holdfast.simulation.explore.Exhaustive.Reach;
import dev.holdfast.simulation.schedule.Access;
import dev.holdfast.simulation.schedule.Chooser;
import dev.holdfast.simulation.schedule.Strand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Walks depth first through all orders of a scenario, one order a run.
///
/// Two orders that differ only in turns that do not meet come to the same, so one of them is
/// enough. Where two turns of different actors meet and nothing orders them, the other order is
/// wanted too (dynamic partial-order reduction with source sets: Abdulla, Aronis, Jonsson and
/// Sagonas 2014); an order that would only repeat a walked one is left (sleep sets, Godefroid
/// 1996). Meeting is judged by object, and an unknown object meets everything, so what is left out
/// is certain to be a repetition.
final class Walk implements Chooser {
    private final Reach reach;
    private final List<Junction> path = new ArrayList<>();
    private final List<Map<Integer, Integer>> pasts = new ArrayList<>();
    private final Map<Integer, Map<Integer, Integer>> pastOf = new HashMap<>();
    private Set<Integer> asleep = Set.of();
    private int depth;
    private boolean isCut;

    Walk(Reach reach) {
        this.reach = reach;
    }

    /// Starts at the beginning again.
    void rewind() {
        pasts.clear();
        pastOf.clear();
        asleep = Set.of();
        depth = 0;
        isCut = false;
    }

    /// Turns to the next order; false if all were walked.
    boolean turn() {
        while (!path.isEmpty()) {
            if (path.getLast().turn()) return true;
            path.removeLast();
        }
        return false;
    }

    /// True if the present order was left because it would come to the same as an earlier one.
    boolean isCut() {
        return isCut;
    }

    int depth() {
        return depth;
    }

    @Override
    public boolean switchesBefore(int kind) {
        return reach.seesFields() || kind == Accesses.SYNC_READ || kind == Accesses.SYNC_WRITE;
    }

    @Override
    public int next(List<Strand> ready, int timers) {
        // Whoever has not begun yet does nothing that others see before it says so.
        for (int i = 0; i < ready.size(); i++) if (ready.get(i).next() == null) return i;

        if (depth == path.size()) {
            Junction junction = newJunction(ready, timers);
            if (junction == null) {
                isCut = true;
                return STOP;
            }
            path.add(junction);
        }
        Junction junction = path.get(depth);
        Map<Integer, Access> accesses = new HashMap<>();
        for (Strand each : ready) accesses.put(each.number(), accessOf(each));
        junction.does(accesses.get(junction.chosen()));
        noteRaces(junction);
        asleep = stillAsleep(junction, accesses);
        depth++;
        return indexOf(junction.chosen(), ready);
    }

    private static Access accessOf(Strand strand) {
        Access access = strand.next();
        if (access == null) throw new IllegalStateException("has not begun: " + strand);
        return access;
    }

    private static int indexOf(int actor, List<Strand> ready) {
        if (actor == EXPIRE) return EXPIRE;
        for (int i = 0; i < ready.size(); i++) if (ready.get(i).number() == actor) return i;
        throw new IllegalStateException("the scenario is not the same every time. actor=" + actor);
    }

    private @Nullable Junction newJunction(List<Strand> ready, int timers) {
        Set<Integer> enabled = new LinkedHashSet<>();
        for (Strand each : ready) enabled.add(each.number());
        if (reach.seesTimers() && 0 < timers) enabled.add(EXPIRE);
        int last = depth == 0 ? EXPIRE : path.get(depth - 1).chosen();
        Integer chosen = enabled.contains(last) && !asleep.contains(last) ? last : null;
        for (int each : enabled) if (chosen == null && !asleep.contains(each)) chosen = each;
        if (chosen == null) return null;
        Junction junction = new Junction(enabled, asleep, chosen);
        if (!reach.reduces()) junction.wantAll();
        return junction;
    }

    // Whose turn comes to the same before and after the one chosen.
    private Set<Integer> stillAsleep(Junction junction, Map<Integer, Access> accesses) {
        Set<Integer> still = new LinkedHashSet<>();
        if (!reach.reduces()) return still;
        Set<Integer> before = new LinkedHashSet<>(junction.asleep());
        before.addAll(junction.done());
        for (int each : before) {
            Access own = accesses.get(each);
            boolean meets =
                    own == null || junction.access() == null || own.meets(junction.access());
            if (each != junction.chosen() && !meets) still.add(each);
        }
        return still;
    }

    // A past maps each actor to the number of its last turn that is certain to come before.
    private void noteRaces(Junction present) {
        Map<Integer, Integer> past = new HashMap<>(pastOf.getOrDefault(present.chosen(), Map.of()));
        List<Integer> races = new ArrayList<>();
        for (int i = depth - 1; 0 <= i; i--) {
            Junction earlier = path.get(i);
            if (i <= past.getOrDefault(earlier.chosen(), -1) || !meet(earlier, present)) continue;
            if (earlier.chosen() != present.chosen()) races.add(i);
            pasts.get(i).forEach((actor, turn) -> past.merge(actor, turn, Math::max));
        }
        past.put(present.chosen(), depth);
        pasts.add(past);
        pastOf.put(present.chosen(), past);
        for (int race : races) wantTheOtherOrder(race);
    }

    // The other order: first what is not a consequence of the turn `race`, then the present one. It
    // can begin with any of those that nothing else of it must precede.
    private void wantTheOtherOrder(int race) {
        List<Integer> others = new ArrayList<>();
        for (int i = race + 1; i <= depth; i++) {
            if (i == depth || !comesBefore(race, i)) others.add(i);
        }
        List<Integer> firsts = new ArrayList<>();
        for (int turn : others) {
            boolean isFirst = true;
            for (int other : others) isFirst &= turn <= other || !comesBefore(other, turn);
            if (isFirst) firsts.add(path.get(turn).chosen());
        }
        path.get(race).wantOneOf(firsts);
    }

    private boolean comesBefore(int early, int late) {
        return early <= pasts.get(late).getOrDefault(path.get(early).chosen(), -1);
    }

    private static boolean meet(Junction one, Junction other) {
        Access first = one.access();
        Access second = other.access();
        return first == null || second == null || first.meets(second);
    }

    /// The present order, a turn a line.
    String told() {
        StringBuilder told = new StringBuilder();
        for (Junction each : path.subList(0, Math.min(depth, path.size()))) {
            Access access = each.access();
            String what = access == null ? "time passes" : access.what();
            told.append("  ").append(each.chosen()).append(' ').append(what).append('\n');
        }
        return told.toString();
    }
}

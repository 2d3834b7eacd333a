package dev.holdfast.engine.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.base.Ulid;
import dev.holdfast.engine.iter.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CompactionPolicyTest {
    private static final SizeTiered TIERED = new SizeTiered(4, 8, 4.0);
    private static final Leveled LEVELED = new Leveled(4, 8, 10.0);

    static List<CompactionPolicy> policies() {
        return List.of(TIERED, LEVELED, new SizeTiered(2, 2, 1.5), new Leveled(1, 3, 2.0));
    }

    private static Ulid view(long number) {
        return new Ulid(0, number);
    }

    private static TreeShape shape(int l0, long... runBytes) {
        var tables = new ArrayList<TreeShape.Level0>();
        for (int i = l0; 0 < i; i--) tables.add(new TreeShape.Level0(view(i), 10, false));
        var runs = new ArrayList<TreeShape.Run>();
        for (int i = 0; i < runBytes.length; i++)
            runs.add(new TreeShape.Run(runBytes.length - i, runBytes[i], false));
        return new TreeShape(tables, runs);
    }

    @Test
    void shouldLeaveFewTablesAlone() {
        assertEquals(List.of(), TIERED.pick(shape(3, 100, 100, 100)));
        assertEquals(List.of(), LEVELED.pick(shape(3, 100, 1_001)));
    }

    @Test
    void shouldMakeANewRunOfTheOldestL0() {
        List<CompactionPlan> plans = TIERED.pick(shape(9, 1000));

        assertEquals(1, plans.size());
        assertEquals(8, plans.getFirst().l0().size());
        assertEquals(view(1), plans.getFirst().l0().getLast());
        assertEquals(view(8), plans.getFirst().l0().getFirst());
        assertEquals(2, plans.getFirst().destination());
    }

    @Test
    void shouldMergeRunsOfLikeSizeIntoTheOldestOfThem() {
        List<CompactionPlan> plans = TIERED.pick(shape(0, 100, 110, 390, 100, 5_000));

        assertEquals(
                List.of(new CompactionPlan(List.of(), List.of(4L, 3L, 2L), 2)),
                new SizeTiered(3, 3, 4.0).pick(shape(0, 100, 110, 390, 5_000)));
        assertEquals(List.of(), TIERED.pick(shape(0, 100, 110, 500, 100, 5_000)));
        assertEquals(1, plans.size(), plans.toString());
        assertEquals(List.of(5L, 4L, 3L, 2L), plans.getFirst().runs());
        assertEquals(2, plans.getFirst().destination());
    }

    @Test
    void shouldKeepLevelsApart() {
        assertEquals(
                List.of(new CompactionPlan(List.of(), List.of(2L, 1L), 1)),
                LEVELED.pick(shape(0, 101, 1_000)));
        CompactionPlan intoNewest = LEVELED.pick(shape(4, 400, 90_000)).getFirst();
        assertEquals(List.of(2L), intoNewest.runs());
        assertEquals(2, intoNewest.destination());
        CompactionPlan beside = LEVELED.pick(shape(4, 401, 90_000)).getFirst();
        assertEquals(List.of(), beside.runs());
        assertEquals(3, beside.destination());
    }

    /// Whatever the sizes: sources are free, lie side by side, and belong to one plan only.
    @ParameterizedTest
    @MethodSource("policies")
    void shouldOnlyPickWhatCanBeCarriedOut(CompactionPolicy policy) {
        Seeds.fresh(2_000)
                .forEach(seed -> {
                    TreeShape shape = randomShape(new Random(seed));
                    List<CompactionPlan> plans = policy.pick(shape);
                    checkApart(plans, "seed=" + seed);
                    for (CompactionPlan plan : plans) checkPlan(shape, plan, seed);
                });
    }

    private static TreeShape randomShape(Random random) {
        var l0 = new ArrayList<TreeShape.Level0>();
        for (int i = random.nextInt(12); 0 < i; i--)
            l0.add(new TreeShape.Level0(view(i), 1 + random.nextInt(100), false));
        var runs = new ArrayList<TreeShape.Run>();
        for (int id = random.nextInt(12); 0 < id; id--) {
            long bytes = 1L << random.nextInt(20);
            runs.add(new TreeShape.Run(2L * id, bytes, random.nextInt(4) == 0));
        }
        return new TreeShape(l0, runs);
    }

    private static void checkApart(List<CompactionPlan> plans, String where) {
        var runs = new HashSet<Long>();
        int withL0 = 0;
        for (CompactionPlan plan : plans) {
            if (!plan.l0().isEmpty()) withL0++;
            for (long run : plan.runs()) assertTrue(runs.add(run), where);
        }
        assertTrue(withL0 <= 1, where);
    }

    private static void checkPlan(TreeShape shape, CompactionPlan plan, long seed) {
        String where = "seed=" + seed + " " + plan + " of " + shape;
        List<Ulid> l0 = shape.l0().stream().map(TreeShape.Level0::viewId).toList();
        assertEquals(l0.subList(l0.size() - plan.l0().size(), l0.size()), plan.l0(), where);
        if (plan.runs().isEmpty()) {
            assertEquals(shape.nextRunId(), plan.destination(), where);
            return;
        }
        List<Long> runs = shape.runs().stream().map(TreeShape.Run::id).toList();
        int first = runs.indexOf(plan.runs().getFirst());
        assertEquals(runs.subList(first, first + plan.runs().size()), plan.runs(), where);
        assertTrue(plan.l0().isEmpty() || first == 0, where);
        assertEquals(plan.runs().getLast(), plan.destination(), where);
        for (TreeShape.Run run : shape.runs())
            assertTrue(!run.isTaken() || !plan.runs().contains(run.id()), where);
    }
}

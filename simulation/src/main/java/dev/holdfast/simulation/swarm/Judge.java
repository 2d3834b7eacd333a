package dev.holdfast.simulation.swarm;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.FsckReport;
import dev.holdfast.simulation.check.AckedLog;
import dev.holdfast.simulation.check.Life;
import dev.holdfast.simulation.check.ListAppend;
import dev.holdfast.simulation.check.ListAppend.Strictness;
import dev.holdfast.simulation.check.LogHistory;
import dev.holdfast.simulation.check.Register;
import dev.holdfast.simulation.check.Register.Request;
import dev.holdfast.simulation.check.Sight;
import dev.holdfast.simulation.check.Transaction;
import dev.holdfast.simulation.check.Transaction.Outcome;
import dev.holdfast.simulation.check.Wgl.Operation;
import dev.holdfast.simulation.swarm.stage.Asked;
import dev.holdfast.simulation.swarm.stage.Journal;
import dev.holdfast.simulation.swarm.stage.Journal.Fenced;
import dev.holdfast.simulation.swarm.stage.Journal.Got;
import dev.holdfast.simulation.swarm.stage.Journal.Opening;
import dev.holdfast.simulation.swarm.stage.ListTransaction;
import dev.holdfast.simulation.swarm.stage.World;
import java.util.List;

/// Holds the journal of a run to every promise that it can be held to.
final class Judge {
    private final World world;
    private final Journal journal;

    Judge(World world) {
        this.world = world;
        journal = world.journal();
    }

    void judge() {
        checkLog();
        for (Life life : journal.lives()) {
            checkRegisters(life);
            checkTransactions(life);
        }
        journal.fences().forEach(this::checkFence);
        List<Transaction> everywhere =
                journal.transactions().stream().map(ListTransaction::everywhere).toList();
        ListAppend.check(everywhere, Strictness.SERIALIZABLE).forEach(this::wrong);
        checkStore();
        world.store().struck().forEach((fault, times) -> journal.sometimes("store: " + fault));
    }

    private void wrong(String finding) {
        journal.never(finding);
    }

    private void checkLog() {
        var history =
                new LogHistory(
                        journal.lives(),
                        journal.writes().stream().map(Asked::toWrite).toList(),
                        journal.sights());
        AckedLog.check(history).forEach(this::wrong);
    }

    private void checkRegisters(Life life) {
        var histories = new Register.Histories();
        if (!noteInitial(life, histories)) return;
        for (Asked asked : journal.writes())
            if (asked.life() == life.number()) asked.addTo(histories);
        for (Got got : journal.gets())
            if (got.life() == life.number()) {
                Request get = new Request.Get();
                histories.add(got.key(), new Operation<>(get, got.value(), got.call(), got.end()));
            }
        for (String key : histories.impossible())
            wrong("not linearizable in life " + life.number() + ": " + key);
    }

    // What whoever opened it saw before anyone else used it; false if that is not known.
    private boolean noteInitial(Life life, Register.Histories histories) {
        for (Sight sight : journal.sights()) {
            boolean isFirst = sight.life() == life.number() && sight.seq() == life.base();
            if (!isFirst) continue;
            sight.keys()
                    .forEach((key, seen) -> {
                        String value = seen.value();
                        if (value != null) histories.initial().put(key, value);
                    });
            return true;
        }
        return false;
    }

    private void checkTransactions(Life life) {
        List<Transaction> seen =
                journal.transactions().stream().map(note -> seenFrom(life, note)).toList();
        ListAppend.check(seen, Strictness.STRICT_SERIALIZABLE).forEach(this::wrong);
    }

    // Other lives are known as far as their lists are seen in this one.
    private static Transaction seenFrom(Life life, ListTransaction transaction) {
        Transaction told = transaction.inLife();
        boolean isElsewhere = transaction.life() != life.number();
        if (!isElsewhere || told.outcome() == Outcome.ABORTED) return told;
        return new Transaction(
                told.id(), told.steps(), Outcome.UNKNOWN, told.call(), Long.MAX_VALUE);
    }

    // Whoever is told that a newer writer has come can point at one.
    private void checkFence(Fenced fenced) {
        long opened = -1;
        for (Opening opening : journal.openings())
            if (opening.life() == fenced.life()) opened = opening.call();
        long from = opened;
        boolean isExplained =
                journal.openings().stream()
                        .filter(opening -> opening.life() != fenced.life())
                        .anyMatch(opening ->
                                opening.call() < fenced.at() && mayFollow(opening, from));
        if (!isExplained) wrong("life " + fenced.life() + " fenced by nobody");
    }

    // An attempt that began earlier may have come through later.
    private boolean mayFollow(Opening opening, long from) {
        if (from < opening.call()) return true;
        Life life = lifeOf(opening.life());
        return life == null || from < life.ready();
    }

    private @org.jspecify.annotations.Nullable Life lifeOf(int number) {
        for (Life life : journal.lives()) if (life.number() == number) return life;
        return null;
    }

    private void checkStore() {
        FsckReport report = Engine.fsck(world.store().atRest(), World.PATH);
        if (!report.isSound()) wrong("fsck: " + report.problems());
    }
}

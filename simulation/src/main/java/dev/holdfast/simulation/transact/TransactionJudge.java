package dev.holdfast.simulation.transact;

import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.simulation.check.ListAppend;
import dev.holdfast.simulation.check.ListAppend.Strictness;
import dev.holdfast.simulation.check.Transaction;
import dev.holdfast.simulation.check.Transaction.Outcome;
import java.util.ArrayList;
import java.util.List;

/// Holds the transactions of a database's lives to what is promised to them: in each life, time
/// counted, and over all of them as far as they are durable.
///
/// @param lives one after another, each with its transactions
public record TransactionJudge(IsolationLevel level, List<List<Noted>> lives) {
    /// What is wrong; empty if nothing is.
    public List<String> findings() {
        List<String> findings = new ArrayList<>();
        boolean isSnapshot = level == IsolationLevel.SNAPSHOT;
        for (int life = 0; life < lives.size(); life++)
            for (String wrong :
                    ListAppend.check(
                            seenFrom(life),
                            isSnapshot ? Strictness.SNAPSHOT : Strictness.STRICT_SERIALIZABLE))
                findings.add("life " + life + ": " + wrong);
        findings.addAll(
                ListAppend.check(
                        everywhere(), isSnapshot ? Strictness.SNAPSHOT : Strictness.SERIALIZABLE));
        return findings;
    }

    /// True if they were not serializable.
    public boolean hasSkew() {
        return !ListAppend.check(everywhere(), Strictness.SERIALIZABLE).isEmpty();
    }

    // Other lives are known as far as their lists are seen in this one.
    private List<Transaction> seenFrom(int seeing) {
        List<Transaction> seen = new ArrayList<>();
        for (int life = 0; life < lives.size(); life++)
            for (Noted noted : lives.get(life))
                seen.add(life == seeing ? noted.inLife() : fromOutside(noted.inLife()));
        return seen;
    }

    private static Transaction fromOutside(Transaction told) {
        if (told.outcome() == Outcome.ABORTED) return told;
        return new Transaction(
                told.id(), told.steps(), Outcome.UNKNOWN, told.call(), Long.MAX_VALUE);
    }

    private List<Transaction> everywhere() {
        return lives.stream().flatMap(List::stream).map(Noted::everywhere).toList();
    }
}

package dev.holdfast.system.history;

import dev.holdfast.simulation.check.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What was looked at, and what is wrong with it.
final class Verdict {
    private static final int FINDINGS_MAX = 20;

    private final List<String> findings = new ArrayList<>();
    private final List<String> undecided = new ArrayList<>();
    private long answered;
    private long unanswered;
    private long committed;
    private long aborted;

    void add(String finding) {
        if (findings.size() < FINDINGS_MAX) findings.add(finding);
    }

    void addUndecided(String where) {
        undecided.add(where);
    }

    void operations(Collection<Asked> asked) {
        long some = asked.stream().filter(Asked::isAnswered).count();
        answered += some;
        unanswered += asked.size() - some;
    }

    void transactions(Collection<Transaction> transactions) {
        for (Transaction each : transactions)
            switch (each.outcome()) {
                case COMMITTED -> committed++;
                case ABORTED -> aborted++;
                case UNKNOWN -> unanswered++;
            }
    }

    void add(Verdict other) {
        other.findings.forEach(this::add);
        undecided.addAll(other.undecided);
        answered += other.answered;
        unanswered += other.unanswered;
        committed += other.committed;
        aborted += other.aborted;
    }

    List<String> findings() {
        return findings;
    }

    /// Keys whose history was too tangled to be decided.
    List<String> undecided() {
        return undecided;
    }

    /// Requests and transactions that were answered, or refused by WATCH.
    long answered() {
        return answered + committed + aborted;
    }

    /// Those whose answer never came.
    long unanswered() {
        return unanswered;
    }

    @Override
    public String toString() {
        return String.format(
                "%,d requests to one object answered, %,d transactions on lists (%,d more refused"
                        + " by WATCH), %,d without an answer, %d undecided, %d findings",
                answered, committed, aborted, unanswered, undecided.size(), findings.size());
    }
}

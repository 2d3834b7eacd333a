package dev.holdfast.system.history;

import dev.holdfast.simulation.check.ListAppend;
import dev.holdfast.simulation.check.ListAppend.Strictness;
import dev.holdfast.simulation.check.Transaction;
import dev.holdfast.simulation.check.Wgl.Decision;
import dev.holdfast.simulation.check.Wgl.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Some keys of every family, and lists for transactions, over a few lives of the server: all that
/// was asked of them, and the verdict on it.
///
/// Clients add to it at once; it is judged when none of them is left.
final class Era {
    static final int LISTS = 4;
    private static final int TRANSACTIONS_OF_A_LIST = 400; // then others take over, lest they grow
    private static final int SHOWN = 40;
    private static final BankAccounts BANK = new BankAccounts();
    private static final List<Family> FAMILIES =
            List.of(
                    new Strings(),
                    new Counters(),
                    new Lists(),
                    new Sets(),
                    new Hashes(),
                    new SortedSets(),
                    new Streams());

    /// A key and all that was asked of it.
    record Subject(Family family, String key, Queue<Asked> asked) {
        Asked ask(List<String> request) {
            var asking = new Asked(request, System.nanoTime());
            asked.add(asking);
            return asking;
        }
    }

    private final String prefix;
    private final List<Subject> subjects = new ArrayList<>();
    private final List<Subject> banks = new ArrayList<>();
    private final Queue<Transaction> transactions = new ConcurrentLinkedQueue<>();
    private final AtomicInteger fresh = new AtomicInteger();
    private final AtomicInteger transactionIds = new AtomicInteger();

    Era(int number, int keysOfAFamily) {
        prefix = "e" + number + ":";
        for (Family family : FAMILIES)
            for (int i = 0; i < keysOfAFamily; i++) subjects.add(subject(family, i));
        for (int i = 0; i < keysOfAFamily; i++) banks.add(subject(BANK, i));
    }

    private Subject subject(Family family, int number) {
        String key = prefix + family.name() + ":" + number;
        return new Subject(family, key, new ConcurrentLinkedQueue<>());
    }

    /// Any key that takes single commands.
    Subject any(SplittableRandom chance) {
        return subjects.get(chance.nextInt(subjects.size()));
    }

    /// Any string.
    Subject anyString(SplittableRandom chance) {
        return subjects.get(chance.nextInt(banks.size())); // they stand first
    }

    /// Any bank.
    Subject anyBank(SplittableRandom chance) {
        return banks.get(chance.nextInt(banks.size()));
    }

    /// All keys.
    List<Subject> all() {
        var all = new ArrayList<>(subjects);
        all.addAll(banks);
        return all;
    }

    /// A text that was never used in this era.
    String fresh() {
        return "v" + fresh.incrementAndGet();
    }

    int nextElement() {
        return fresh.incrementAndGet();
    }

    int nextTransaction() {
        return transactionIds.incrementAndGet();
    }

    /// A list for the transaction of that number.
    String list(int transaction, int which) {
        return prefix + "append:" + transaction / TRANSACTIONS_OF_A_LIST + ":" + which;
    }

    /// All lists that transactions have used.
    List<String> lists() {
        var lists = new ArrayList<String>();
        for (int id = 0; id <= transactionIds.get(); id += TRANSACTIONS_OF_A_LIST)
            for (int which = 0; which < LISTS; which++) lists.add(list(id, which));
        return lists;
    }

    void add(Transaction transaction) {
        transactions.add(transaction);
    }

    /// The server was killed, and no client is left.
    void isKilled() {
        long now = System.nanoTime();
        for (Subject subject : all()) subject.asked().forEach(asked -> asked.isLost(now));
    }

    /// What is wrong, and how much was looked at.
    Verdict judge() {
        var verdict = new Verdict();
        for (Subject subject : all()) judge(subject, verdict);
        List<Transaction> appends = List.copyOf(transactions);
        verdict.transactions(appends);
        ListAppend.check(appends, Strictness.STRICT_SERIALIZABLE).forEach(verdict::add);
        return verdict;
    }

    private static void judge(Subject subject, Verdict verdict) {
        List<Operation<List<String>, String>> operations =
                subject.asked().stream().map(Asked::toOperation).toList();
        verdict.operations(subject.asked());
        var model = new FamilyModel(subject.family());
        Decision decision = model.check(operations);
        if (decision == Decision.LINEARIZABLE) return;
        String where = subject.key() + " is " + decision + ", of " + operations.size();
        if (decision == Decision.UNDECIDED) verdict.addUndecided(where);
        else verdict.add(where + shown(model, operations));
    }

    // The first answers after which no order is left.
    private static String shown(FamilyModel model, List<Operation<List<String>, String>> all) {
        List<Long> ends =
                all.stream()
                        .filter(each -> each.output() != null)
                        .map(Operation::end)
                        .sorted()
                        .toList();
        int low = 0;
        int high = ends.size() - 1;
        while (low < high) {
            int middle = (low + high) / 2;
            Decision decision = model.check(until(all, ends.get(middle)));
            if (decision == Decision.IMPOSSIBLE) high = middle;
            else low = middle + 1;
        }
        var text = new StringBuilder();
        List<Operation<List<String>, String>> told = until(all, ends.get(low));
        told.stream()
                .sorted(Comparator.comparingLong(Operation::end))
                .skip(Math.max(0, told.size() - SHOWN))
                .forEach(each -> text.append("\n    ").append(each));
        return text.toString();
    }

    private static List<Operation<List<String>, String>> until(
            List<Operation<List<String>, String>> all, long time) {
        return all.stream()
                .filter(each -> each.call() <= time)
                .map(each -> each.end() <= time ? each : open(each))
                .toList();
    }

    private static Operation<List<String>, String> open(Operation<List<String>, String> each) {
        return new Operation<>(each.input(), null, each.call(), Operation.NEVER);
    }
}

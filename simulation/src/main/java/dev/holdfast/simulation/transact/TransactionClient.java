package dev.holdfast.simulation.transact;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.IsolationLevel;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.MergeOperator;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.engine.api.StorageException.Closed;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.api.Transaction;
import dev.holdfast.simulation.check.Bank;
import dev.holdfast.simulation.check.Transaction.Step.Append;
import dev.holdfast.simulation.check.Transaction.Step.Read;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A user of transactions: appends to lists and reads them, moves money between accounts and counts
/// it.
///
/// A list lies in one value that is read and written, `v7`, or merged into, `m7`, or in rows of its
/// own, one for each element, `r7/17`, which are read by scans; so a list that grows is a phantom.
/// As transactions are counted up, lists are left for fresh ones. Not thread-safe: one client each
/// thread.
public final class TransactionClient {
    /// How elements are merged into a list: the database must have it.
    public static final MergeOperator APPENDING =
            (_, existing, operands) -> {
                List<String> parts = new ArrayList<>();
                if (existing != null) parts.add(existing.toUtf8());
                for (Bytes each : operands) parts.add(each.toUtf8());
                return Bytes.utf8(String.join(",", parts));
            };

    private static final int STEPS_MAX = 4;
    private static final int ACCOUNTS = 6;
    private static final long BALANCE = 100;
    private static final int AMOUNT_MAX = 40;
    private static final Bank BANK = new Bank(ACCOUNTS, ACCOUNTS * BALANCE);

    /// What decides what a client does.
    ///
    /// @param lists of each kind that are in use at a time
    /// @param perList transactions after which the oldest of them is left for a fresh one
    /// @param durable in a hundred commits, how many wait until they are in the store
    public record Habits(IsolationLevel level, int lists, int perList, int durable) {}

    private final Db db;
    private final Scene scene;
    private final Habits habits;
    private final SplittableRandom chance;

    public TransactionClient(Db db, Scene scene, Habits habits, SplittableRandom chance) {
        this.db = db;
        this.scene = scene;
        this.habits = habits;
        this.chance = chance;
    }

    /// Runs one transaction. Throws what ends the database, or what is wrong with it.
    public void run() throws InterruptedException {
        int id = scene.number();
        var noted = new Noted(id, scene.tick());
        scene.add(noted);
        try (Transaction transaction = db.begin(habits.level())) {
            switch (chance.nextInt(6)) {
                case 0 -> transfer(transaction);
                case 1 -> count(transaction);
                default -> useLists(transaction, noted, id);
            }
            commit(transaction, noted);
        } catch (Conflict lost) {
            noted.aborted();
            scene.sometimes(reason(lost));
        } catch (Unavailable notRead) {
            noted.aborted();
            scene.sometimes("unavailable");
        } catch (Closed expired) {
            if (expired.reason() != Closed.Reason.EXPIRED) throw expired;
            noted.aborted();
            scene.sometimes("transaction expired");
        } finally {
            scene.ended(noted);
        }
    }

    private static String reason(Conflict lost) {
        return String.valueOf(lost.getMessage()).startsWith("too much")
                ? "transaction outrun"
                : "conflict";
    }

    private void commit(Transaction transaction, Noted noted) {
        scene.committing(noted);
        Durability level =
                chance.nextInt(100) < habits.durable() ? Durability.REMOTE : Durability.MEMORY;
        try {
            transaction.commit(level);
            noted.committed(scene.tick(), level);
        } catch (Unavailable refused) {
            switch (transaction.outcome()) {
                case COMMITTED -> {
                    noted.committed(scene.tick(), Durability.MEMORY);
                    scene.sometimes("applied, and not durable in time");
                }
                case OPEN, NOT_COMMITTED -> {
                    noted.aborted();
                    scene.sometimes("no room for a commit");
                }
                case UNKNOWN -> scene.never("unavailable and unknown: " + refused);
            }
        } catch (Closed ended) {
            if (transaction.outcome() == Transaction.Outcome.COMMITTED)
                noted.committed(scene.tick(), Durability.MEMORY);
            else if (transaction.outcome() != Transaction.Outcome.UNKNOWN) noted.aborted();
            else scene.sometimes("ended while it was committed");
            throw ended;
        }
    }

    private void useLists(Transaction transaction, Noted noted, int id)
            throws InterruptedException {
        int first = id / habits.perList();
        for (int left = 1 + chance.nextInt(STEPS_MAX); 0 < left; left--) {
            int list = first + chance.nextInt(habits.lists());
            switch (chance.nextInt(10)) {
                case 0 -> readValue(transaction, noted, valueList(list));
                case 8 -> readValue(transaction, noted, mergedList(list));
                case 9 -> mergeInto(transaction, noted, mergedList(list));
                case 1 -> readRows(transaction, noted, list, Order.ASCENDING);
                case 2 -> readRows(transaction, noted, list, Order.DESCENDING);
                case 3 -> readRowsOfMany(transaction, noted, list, list + 1 + chance.nextInt(2));
                case 4, 5 -> appendToValue(transaction, noted, valueList(list));
                default -> appendRow(transaction, noted, list);
            }
            if (chance.nextInt(3) == 0) scene.pause();
        }
    }

    private static String valueList(int list) {
        return "v%06d".formatted(list);
    }

    private static String mergedList(int list) {
        return "m%06d".formatted(list);
    }

    private static String rowList(int list) {
        return "r%06d".formatted(list);
    }

    private static Bytes row(String list, int index) {
        return Bytes.utf8("%s/%06d".formatted(list, index));
    }

    private static List<Integer> readValue(Transaction transaction, Noted noted, String list) {
        List<Integer> elements = elements(transaction.get(Bytes.utf8(list)));
        noted.add(new Read(list, elements));
        return elements;
    }

    private static List<Integer> elements(@Nullable Bytes value) {
        if (value == null) return List.of();
        return Stream.of(value.toUtf8().split(",")).map(Integer::valueOf).toList();
    }

    private void appendToValue(Transaction transaction, Noted noted, String list) {
        List<Integer> elements = readValue(transaction, noted, list);
        int element = scene.element();
        String longer = elements.isEmpty() ? "" : text(elements) + ",";
        noted.add(new Append(list, element));
        transaction.put(Bytes.utf8(list), Bytes.utf8(longer + element));
    }

    // Nothing is read.
    private void mergeInto(Transaction transaction, Noted noted, String list) {
        int element = scene.element();
        noted.add(new Append(list, element));
        transaction.merge(Bytes.utf8(list), Bytes.utf8(String.valueOf(element)));
    }

    private static String text(List<Integer> elements) {
        return String.join(",", elements.stream().map(String::valueOf).toList());
    }

    private void readRows(Transaction transaction, Noted noted, int list, Order order) {
        String name = rowList(list);
        List<Integer> elements = new ArrayList<>();
        try (Scan scan = transaction.scan(KeyRange.prefix(Bytes.utf8(name + "/")), order)) {
            while (scan.next()) elements.add(Integer.valueOf(scan.value().toUtf8()));
        }
        List<Integer> inOrder = order == Order.ASCENDING ? elements : elements.reversed();
        noted.add(new Read(name, List.copyOf(inOrder)));
    }

    // One scan over some lists, given up at the first row of the one after them, if there is one.
    private void readRowsOfMany(Transaction transaction, Noted noted, int from, int to) {
        List<List<Integer>> elements = new ArrayList<>();
        for (int list = from; list < to; list++) elements.add(new ArrayList<>());
        Scan scan = transaction.scan(KeyRange.from(Bytes.utf8(rowList(from) + "/")));
        boolean isInside = true;
        while (isInside && scan.next()) {
            String key = scan.key().toUtf8();
            isInside = key.startsWith("r") && Integer.parseInt(key.substring(1, 7)) < to;
            if (isInside)
                elements.get(Integer.parseInt(key.substring(1, 7)) - from)
                        .add(Integer.valueOf(scan.value().toUtf8()));
        }
        if (chance.nextBoolean()) scan.close();
        for (int list = from; list < to; list++)
            noted.add(new Read(rowList(list), List.copyOf(elements.get(list - from))));
    }

    // Only the end of the list is looked at: what follows is told by that row alone.
    private void appendRow(Transaction transaction, Noted noted, int list) {
        String name = rowList(list);
        KeyRange range = KeyRange.prefix(Bytes.utf8(name + "/"));
        int next = 0;
        try (Scan scan = transaction.scan(range, Order.DESCENDING)) {
            if (scan.next())
                next = 1 + Integer.parseInt(scan.key().toUtf8().substring(name.length() + 1));
        }
        int element = scene.element();
        noted.add(new Append(name, element));
        transaction.put(row(name, next), Bytes.utf8(String.valueOf(element)));
    }

    private static Bytes account(int number) {
        return Bytes.utf8("b" + number);
    }

    private void transfer(Transaction transaction) throws InterruptedException {
        int from = chance.nextInt(ACCOUNTS);
        int to = (from + 1 + chance.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        Bytes source = transaction.get(account(from));
        if (source == null) {
            for (int i = 0; i < ACCOUNTS; i++) pay(transaction, i, BALANCE);
            return;
        }
        Bytes target = transaction.get(account(to));
        if (chance.nextBoolean()) scene.pause();
        if (target == null) {
            scene.never("bank: one account and not the other at " + transaction.seq());
            return;
        }
        long amount = 1 + chance.nextInt(AMOUNT_MAX);
        pay(transaction, from, Long.parseLong(source.toUtf8()) - amount);
        if (chance.nextBoolean()) scene.pause();
        pay(transaction, to, Long.parseLong(target.toUtf8()) + amount);
        if (chance.nextInt(3) == 0) count(transaction);
    }

    private static void pay(Transaction transaction, int account, long balance) {
        transaction.put(account(account), Bytes.utf8(String.valueOf(balance)));
    }

    private void count(Transaction transaction) {
        List<Long> balances = new ArrayList<>();
        Order order = chance.nextBoolean() ? Order.ASCENDING : Order.DESCENDING;
        try (Scan scan = transaction.scan(KeyRange.prefix(Bytes.utf8("b")), order)) {
            while (scan.next()) balances.add(Long.parseLong(scan.value().toUtf8()));
        }
        String wrong = BANK.check(balances);
        if (wrong != null) scene.never(wrong + " at " + transaction.seq());
    }
}

package dev.holdfast.simulation.swarm.stage;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Order;
import dev.holdfast.engine.api.ReadView;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import dev.holdfast.simulation.check.Bank;
import dev.holdfast.simulation.check.Sight;
import dev.holdfast.simulation.check.Sight.Seen;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/// Looks at every key of a run, and notes what it saw.
public final class Observer {
    private final Journal journal;
    private final Keys keys;
    private final Bank bank;

    public Observer(Journal journal, Keys keys) {
        this.journal = journal;
        this.keys = keys;
        int accounts = keys.accounts().size();
        bank = new Bank(accounts, accounts * RunSettings.BALANCE);
    }

    /// Everything that a database shows to nobody but this observer, key by key, with the number of
    /// the commit that decided each.
    public void lookKeyByKey(String who, HoldfastDb db, int life) {
        long call = journal.tick();
        long from = journal.wallMillis();
        SortedMap<String, Seen> seen = new TreeMap<>();
        long seq = db.watermarks().applied();
        for (String key : keys.all()) {
            try (ReadView view = db.view()) {
                Bytes value = view.get(Keys.bytes(key));
                seen.put(key, new Seen(value == null ? null : value.toUtf8(), view.observedSeq()));
                if (value != null) checkExpiry(who, key, value.toUtf8(), from);
            }
        }
        note(new Sight(who, life, seq, seen, call, journal.tick(), journal.wallMillis()));
    }

    /// Everything that `reads` shows, by one scan.
    public SortedMap<String, Seen> scanned(String who, Reads reads, Order order) {
        SortedMap<String, Seen> seen = new TreeMap<>();
        for (String key : keys.all()) seen.put(key, new Seen(null, Sight.UNKNOWN_SEQ));
        String before = null;
        long from = journal.wallMillis();
        try (Scan scan = reads.scan(KeyRange.all(), order)) {
            while (scan.next()) {
                String key = scan.key().toUtf8();
                checkExpiry(who, key, scan.value().toUtf8(), from);
                Seen old = seen.put(key, new Seen(scan.value().toUtf8(), Sight.UNKNOWN_SEQ));
                if (old == null) journal.never(who + ": nobody ever wrote the key " + key);
                boolean isInOrder =
                        before == null || (before.compareTo(key) < 0) == (order == Order.ASCENDING);
                if (!isInOrder) journal.never(who + ": " + key + " after " + before);
                before = key;
            }
        }
        return seen;
    }

    private void checkExpiry(String who, String key, String value, long from) {
        if (!Keys.isFleeting(key)) return;
        long expireAt = Value.expiry(value);
        if (expireAt == 0) return;
        journal.sometimes("expiring row seen");
        if (expireAt <= from) journal.never(who + ": shown after its time: " + key + " " + value);
    }

    /// True if `later`, seen through what `earlier` was seen through, is the same, but for what has
    /// expired meanwhile.
    public boolean isSame(SortedMap<String, Seen> earlier, SortedMap<String, Seen> later) {
        return earlier.entrySet().stream()
                .allMatch(entry -> {
                    String key = entry.getKey();
                    Seen seen = Objects.requireNonNull(later.get(key));
                    String value = entry.getValue().value();
                    return Objects.equals(value, seen.value())
                            || (seen.value() == null && value != null && hasExpired(key, value));
                });
    }

    /// True if it is a value that may be hidden by now.
    public boolean hasExpired(String key, String value) {
        if (!Keys.isFleeting(key) || Value.expiry(value) == 0) return false;
        boolean isOver = Value.expiry(value) <= journal.wallMillis();
        if (isOver) journal.sometimes("row expired");
        return isOver;
    }

    public void note(Sight sight) {
        journal.add(sight);
        List<Long> balances =
                sight.keys().entrySet().stream()
                        .filter(entry -> Keys.isAccount(entry.getKey()))
                        .map(entry -> entry.getValue().value())
                        .filter(value -> value != null)
                        .map(Value::balance)
                        .toList();
        String wrong = bank.check(balances);
        if (wrong != null) journal.never(sight.who() + ": " + wrong);
    }
}

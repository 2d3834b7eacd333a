package dev.holdfast.bench.peer;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.engine.api.Durability;
import java.util.concurrent.atomic.AtomicLong;

/// Operations of several kinds by their shares, on keys of which some may be wanted far more often
/// than others. Thread-safe; each thread takes a [#load] of its own.
final class Mixture {
    private static final int HUNDRED = 100;
    private static final int SCAN_ROWS_MAX = 100;

    private final Subject db;
    private final byte[] value;
    private final long rows;
    private final AtomicLong end; // the number that the next insert has
    private final String keys;
    private final Zipf zipf;
    private final int reads;
    private final int updates;
    private final int inserts;
    private final int scans;

    /// @param task says what share each kind has, in percent; what is left are changes: a read and
    ///   an update of one key
    Mixture(Task task, Subject db, byte[] value) {
        this.db = db;
        this.value = value;
        rows = task.number("rows");
        end = new AtomicLong(rows);
        keys = task.text("keys");
        require(keys.matches("zipfian|uniform|latest"), "not a way to draw keys: %s", keys);
        zipf = new Zipf(rows);
        reads = share(task, "reads");
        updates = share(task, "updates");
        inserts = share(task, "inserts");
        scans = share(task, "scans");
        int changes = share(task, "changes");
        int all = reads + updates + inserts + scans + changes;
        require(all == HUNDRED, "shares come to %d", all);
    }

    private static int share(Task task, String name) {
        return Integer.parseInt(task.text(name, "0"));
    }

    /// What the thread `number` does again and again.
    Runnable load(int number) {
        var kind = new Drawn(number, HUNDRED);
        var key = new Drawn(number + HUNDRED, 1L << 31);
        return () -> once((int) kind.next(), key);
    }

    private void once(int kind, Drawn key) {
        if (kind < reads) {
            read(Keys.of(drawn(key)));
        } else if (kind < reads + updates) {
            db.put(Keys.of(drawn(key)), value, Durability.MEMORY);
        } else if (kind < reads + updates + inserts) {
            db.put(Keys.of(end.getAndIncrement()), value, Durability.MEMORY);
        } else if (kind < reads + updates + inserts + scans) {
            int most = 1 + (int) (key.next() % SCAN_ROWS_MAX);
            if (db.scan(Keys.of(drawn(key)), most) == 0) throw new AssertionError("found none");
        } else {
            byte[] changed = Keys.of(drawn(key));
            read(changed);
            db.put(changed, value, Durability.MEMORY);
        }
    }

    private void read(byte[] key) {
        if (!db.get(key)) throw new AssertionError("a row is missing");
    }

    // Keys are spread over the whole space, so the popular ones are no neighbours. An insert may be
    // under way: the latest that is surely there is some way back.
    private long drawn(Drawn random) {
        long drawn = random.next();
        if (keys.equals("uniform")) return drawn % rows;
        long rank = zipf.at(drawn / (double) (1L << 31));
        if (keys.equals("zipfian")) return rank;
        long last = Math.max(rows, end.get() - HUNDRED) - 1;
        return Math.max(0, last - rank);
    }
}

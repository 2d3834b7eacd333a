package dev.holdfast.system.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.KeyRange;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.Scan;
import java.util.TreeMap;

/// Compares a database with what was said of its lanes.
final class Judge {
    private Judge() {}

    /// The number with which each lane of `db` ends: no less than `promised`, a prefix in the order
    /// of commits, each commit whole, and nothing beside.
    static int[] requireKept(Reads db, int[] promised, Acks acks, Reach reach, String what) {
        int[] found = Lane.lasts(db);
        assertEquals("", acks.wrongWith(found, promised, reach), what + " " + reach);
        assertEquals(Lane.rowsUpTo(found), rows(db), what + " " + reach);
        return found;
    }

    /// The same for what a process has left that was killed, with its disk and its bucket.
    static void requireKept(CommitProcess.Place place, CommitSettings settings, Acks acks) {
        try (var bucket = CommitSettings.bucket(place.bucket());
                HoldfastDb db = settings.open(bucket, place.local())) {
            requireKept(db, acks.lasts(), acks, Reach.DISK_AND_BUCKET, "after a kill");
        }
    }

    static TreeMap<Bytes, Bytes> rows(Reads db) {
        var rows = new TreeMap<Bytes, Bytes>();
        try (Scan scan = db.scan(KeyRange.all())) {
            while (scan.next())
                rows.put(Bytes.copyOf(scan.key().toArray()), Bytes.copyOf(scan.value().toArray()));
        }
        return rows;
    }
}

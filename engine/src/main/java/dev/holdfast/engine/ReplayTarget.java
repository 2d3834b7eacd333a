package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.WriteBatch;
import dev.holdfast.engine.read.SnapshotReader;
import dev.holdfast.format.row.FoundRow;

/// What a tail is replayed to, or would be.
interface ReplayTarget {
    /// Fills `found` with the newest row of `key`, a tombstone too, and tells whether there is one.
    boolean newest(Bytes key, FoundRow found);

    /// Takes a part of the replay.
    void write(WriteBatch batch);

    /// Returns once what it took is in the store.
    void flush();

    /// The replay is written to `db`.
    static ReplayTarget of(OpenDb db) {
        return new ReplayTarget() {
            @Override
            public boolean newest(Bytes key, FoundRow found) {
                return db.newest(key, found);
            }

            @Override
            public void write(WriteBatch batch) {
                db.write(batch, Durability.LOCAL);
            }

            @Override
            public void flush() {
                db.flush();
            }
        };
    }

    /// The replay is only counted.
    static ReplayTarget of(SnapshotReader reader) {
        return new ReplayTarget() {
            @Override
            public boolean newest(Bytes key, FoundRow found) {
                return reader.newest(key, found);
            }

            @Override
            public void write(WriteBatch batch) {}

            @Override
            public void flush() {}
        };
    }
}

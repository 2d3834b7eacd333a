package dev.holdfast.redis.migrate;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.migrate.ImportNote.OfSnapshot;
import dev.holdfast.redis.rdb.RdbReader;
import dev.holdfast.redis.rdb.RdbRecord;
import java.io.InputStream;

/// One import of a snapshot. Not thread-safe.
///
/// One that goes on reads the snapshot from its beginning, so that the checksum of all of it can be
/// told; what is behind the note is read over.
final class SnapshotImport {
    private final RdbReader reader;
    private final Arrivals arrivals;
    private final OfSnapshot from;
    private long passed; // keys that were read over

    SnapshotImport(InputStream source, Arrivals arrivals, OfSnapshot from) {
        this.reader = RdbReader.open(source);
        this.arrivals = arrivals;
        this.from = from;
    }

    void run() throws InterruptedException {
        int database = 0;
        for (RdbRecord next = reader.next(); next != null; next = reader.next()) {
            switch (next) {
                case RdbRecord.Database(long index) -> database = checked(index);
                case RdbRecord.Functions(Bytes library) -> arrivals.library(library);
                case RdbRecord.Key key when passed < from.keys() -> pass(key);
                case RdbRecord.Key key -> take(database, key);
                case RdbRecord.Aside _, RdbRecord.Sizes _, RdbRecord.ModuleAside _ -> {}
            }
        }
        if (passed < from.keys()) throw another();
    }

    private void take(int database, RdbRecord.Key key) throws InterruptedException {
        var incoming = new Incoming(database, key.key(), key.type().kind(), key.expireAtMillis());
        if (arrivals.isLeftOut(incoming)) {
            reader.skip();
            arrivals.passed(note());
            return;
        }
        arrivals.take(incoming, reader::value, this::note);
    }

    private void pass(RdbRecord.Key key) {
        reader.skip();
        if (++passed < from.keys()) return;
        boolean isSame = reader.offset() == from.offset() && reader.checksum() == from.checksum();
        if (!isSame) throw another();
    }

    private OfSnapshot note() {
        return new OfSnapshot(
                arrivals.keys(), arrivals.leftOut(), reader.offset(), reader.checksum());
    }

    private static int checked(long index) {
        if (Keyspaces.COUNT <= index)
            throw new Invalid("no such database here. index=`" + index + "`", null);
        return (int) index;
    }

    private Invalid another() {
        return new Invalid(
                "an import of another snapshot is not at its end. keys=`" + from.keys() + "`",
                null);
    }
}

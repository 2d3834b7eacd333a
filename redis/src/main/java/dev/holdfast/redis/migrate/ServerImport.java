package dev.holdfast.redis.migrate;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.migrate.ImportNote.OfServer;
import dev.holdfast.redis.rdb.DumpPayload;
import dev.holdfast.redis.rdb.RdbInput;
import dev.holdfast.redis.rdb.RdbKind;
import dev.holdfast.redis.rdb.RdbType;
import dev.holdfast.redis.rdb.ValueReader;

/// One import of a server, database by database, cursor by cursor. Not thread-safe.
final class ServerImport {
    private final ServerSource source;
    private final Arrivals arrivals;
    private final OfServer from;

    ServerImport(ServerSource source, Arrivals arrivals, OfServer from) {
        this.source = source;
        this.arrivals = arrivals;
        this.from = from;
    }

    void run() throws InterruptedException {
        for (Bytes library : source.libraries()) arrivals.library(library);
        for (int database : source.sizes().tailMap(from.database()).keySet()) {
            if (Keyspaces.COUNT <= database)
                throw new Invalid("no such database here. index=`" + database + "`", null);
            take(database, database == from.database() ? from.cursor() : 0);
        }
    }

    private void take(int database, long first) throws InterruptedException {
        long cursor = first;
        do {
            OfServer before = note(database, cursor);
            ServerSource.Page page = source.page(database, cursor);
            for (ServerSource.Item item : page.items()) take(database, item, before);
            cursor = page.next();
            arrivals.passed(cursor == 0 ? note(database + 1, 0) : note(database, cursor));
        } while (cursor != 0);
    }

    // A page is gone on with from its beginning: what of it is there already gives way.
    private void take(int database, ServerSource.Item item, OfServer before)
            throws InterruptedException {
        Bytes trusted = DumpPayload.open(item.payload());
        RdbType type =
                trusted == null || trusted.isEmpty() ? null : RdbType.ofTag(trusted.at(0) & 0xff);
        if (type == null) {
            var unknown = new Incoming(database, item.key(), RdbKind.MODULE, item.expireAtMillis());
            arrivals.leaveOut(unknown, "value in a form that is not known");
            return;
        }
        var incoming = new Incoming(database, item.key(), type.kind(), item.expireAtMillis());
        if (arrivals.isLeftOut(incoming)) return;
        var in = RdbInput.of(trusted.slice(1, trusted.length()));
        arrivals.take(incoming, parts -> ValueReader.read(in, type, parts), () -> before);
    }

    private OfServer note(int database, long cursor) {
        return new OfServer(arrivals.keys(), arrivals.leftOut(), database, cursor, from.runId());
    }
}

package dev.holdfast.redis.keyspace;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Env;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.objectstore.ObjectStores;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.redis.fake.FakeDb;

/// Where a test keeps its database, which can be closed and opened again.
public interface Home extends AutoCloseable {
    Db db();

    /// The database after it was closed and opened again.
    Db reopen();

    @Override
    void close();

    /// The kinds of homes that tests run in.
    enum Kind {
        FAKE,
        ENGINE;

        public Home build() {
            return switch (this) {
                case FAKE -> new Fake(new FakeDb());
                case ENGINE -> new Real();
            };
        }
    }

    /// A map in memory, which is never really closed.
    record Fake(FakeDb db) implements Home {
        @Override
        public Db reopen() {
            return db;
        }

        @Override
        public void close() {}
    }

    /// The engine on a store in memory, with memtables so small that much is read from tables.
    final class Real implements Home {
        private final ObjectStore store = ObjectStores.open("memory:", Env.system());
        private Db db = open();

        private Db open() {
            Settings settings =
                    Settings.defaults()
                            .but()
                            .l0SstSize(ByteSize.kibibytes(64))
                            .unflushedMax(ByteSize.mebibytes(1))
                            .build();
            return Engine.open(store, "", settings);
        }

        @Override
        public Db db() {
            return db;
        }

        @Override
        public Db reopen() {
            db.close();
            db = open();
            return db;
        }

        @Override
        public void close() {
            db.close();
            store.close();
        }
    }
}

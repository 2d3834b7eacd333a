package dev.holdfast.redis.migrate;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.rdb.RdbKind;
import dev.holdfast.redis.transfer.LoadedValue;

/// A key that is brought in.
///
/// @param expireAtMillis [dev.holdfast.redis.keyspace.Meta#NO_EXPIRY] if it does not
record Incoming(int database, Bytes key, RdbKind kind, long expireAtMillis) {
    LoadedValue value() {
        return new LoadedValue(key, kind);
    }
}

package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.resp.RespError;
import org.jspecify.annotations.Nullable;

/// The index of a database as a word of a call.
final class Databases {
    private Databases() {}

    /// The index that `word` spells; an error if it is no 32-bit integer or no database has it.
    ///
    /// @param complaint the error of what is no 32-bit integer; null for the usual ones
    static int index(Bytes word, @Nullable String complaint) {
        long index =
                Numbers.integer(word, complaint == null ? RespError.NOT_AN_INTEGER : complaint);
        if (index != (int) index)
            throw new RespError(
                    complaint == null
                            ? "ERR value is out of range, value must between -2147483648 and"
                                    + " 2147483647"
                            : complaint);
        if (index < 0 || Keyspaces.COUNT <= index) throw new RespError(RespError.DB_OUT_OF_RANGE);
        return (int) index;
    }
}

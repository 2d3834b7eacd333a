package dev.holdfast.redis.keys;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.resp.RespError;

/// The index of a database as a word of a call.
final class Databases {
    private static final String OUT_OF_RANGE =
            "ERR value is out of range, value must between -2147483648 and 2147483647";

    private Databases() {}

    /// The index that `word` spells; an error if it is no 32-bit integer or no database has it.
    static int index(Bytes word) {
        long index = Numbers.integer(word, RespError.NOT_AN_INTEGER);
        if (index != (int) index) throw new RespError(OUT_OF_RANGE);
        return checked(index);
    }

    /// The number that `word` spells, or `complaint` if it is no 32-bit integer.
    static long number(Bytes word, String complaint) {
        long number = Numbers.integer(word, complaint);
        if (number != (int) number) throw new RespError(complaint);
        return number;
    }

    /// `index`, or an error if no database has it.
    static int checked(long index) {
        if (index < 0 || Keyspaces.COUNT <= index) throw new RespError(RespError.DB_OUT_OF_RANGE);
        return (int) index;
    }
}

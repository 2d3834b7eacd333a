package dev.holdfast.redis.bitmaps;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.RedisString;
import dev.holdfast.redis.resp.RespError;

/// The calls that look at the bits of a string.
final class BitReads {
    // So much of a string is held in memory at a time.
    private static final int PIECE_BYTES = 64 << 10;

    private BitReads() {}

    /// `GETBIT key offset`: the bit at the offset.
    static Command getbit(Words words) {
        Bytes key = words.key(0);
        long offset = Bits.offset(words.bytes(1));
        return keyspace -> Reply.integer(Bits.at(keyspace.stringAt(key), offset));
    }

    /// `BITCOUNT key [start end [BYTE | BIT]]`: how many bits are set.
    static Command bitcount(Words words) {
        Bytes key = words.key(0);
        return keyspace -> {
            RedisString string = keyspace.stringAt(key);
            return Reply.integer(string.exists() ? count(string, words) : 0);
        };
    }

    private static long count(RedisString string, Words words) {
        if (words.count() == 1) return count(string, 0, 8L * string.length());
        if (words.count() < 3 || 4 < words.count()) throw new RespError(RespError.SYNTAX);
        long start = words.integer(1);
        long end = words.integer(2);
        if (start < 0 && end < 0 && end < start) return 0;
        long unit = words.count() == 4 ? unit(words, 3) : 8;
        BitRange range = BitRange.of(start, end, unit, string.length());
        return range.isEmpty() ? 0 : count(string, range.first(), range.last() + 1);
    }

    // Of the bits [first, end).
    private static long count(RedisString string, long first, long end) {
        long count = 0;
        for (long at = first; at < end; ) {
            long pieceEnd = Math.min(end, (at / 8 + PIECE_BYTES) * 8);
            Bytes piece = string.read((int) (at / 8), (int) ((pieceEnd + 7) / 8));
            for (int i = 0; i < piece.length(); i++) count += Integer.bitCount(piece.at(i) & 0xff);
            count -= Integer.bitCount((piece.at(0) & 0xff) >> (8 - at % 8));
            int over = (int) (8 * ((pieceEnd + 7) / 8) - pieceEnd);
            count -= Integer.bitCount(piece.at(piece.length() - 1) & ((1 << over) - 1));
            at = pieceEnd;
        }
        return count;
    }

    /// `BITPOS key bit [start [end [BYTE | BIT]]]`: where the first such bit stands.
    static Command bitpos(Words words) {
        Bytes key = words.key(0);
        long bit = words.integer(1);
        if (bit != 0 && bit != 1) throw new RespError("ERR The bit argument must be 1 or 0.");
        return keyspace -> {
            RedisString string = keyspace.stringAt(key);
            if (!string.exists()) return Reply.integer(bit == 1 ? -1 : 0);
            return Reply.integer(position(string, (int) bit, words));
        };
    }

    private static long position(RedisString string, int bit, Words words) {
        if (5 < words.count()) throw new RespError(RespError.SYNTAX);
        boolean hasEnd = 3 < words.count();
        long start = 2 < words.count() ? words.integer(2) : 0;
        long unit = words.count() == 5 ? unit(words, 4) : 8;
        long end = hasEnd ? words.integer(3) : Long.MAX_VALUE;
        BitRange range = BitRange.of(start, end, unit, string.length());
        if (range.isEmpty()) return -1;
        long found = first(string, bit, range);
        // Behind the end of the string there are zeros, if nobody has named an end.
        return found < 0 && bit == 0 && !hasEnd ? range.last() + 1 : found;
    }

    private static long first(RedisString string, int bit, BitRange range) {
        int skipped = bit == 1 ? 0 : 0xff;
        for (long at = range.first(); at <= range.last(); ) {
            int start = (int) (at / 8);
            int end = (int) Math.min(range.last() / 8 + 1, (long) start + PIECE_BYTES);
            Bytes piece = string.read(start, end);
            for (int i = 0; i < piece.length(); i++) {
                int value = piece.at(i) & 0xff;
                if (value == skipped) continue;
                long found = first(value, bit, Math.max(at, 8L * (start + i)));
                if (0 <= found) return found <= range.last() ? found : -1;
            }
            at = 8L * end;
        }
        return -1;
    }

    // Of the byte in which `from` lies, from there on.
    private static long first(int value, int bit, long from) {
        for (long at = from; at / 8 == from / 8; at++)
            if ((value >> (7 - at % 8) & 1) == bit) return at;
        return -1;
    }

    private static long unit(Words words, int index) {
        if (words.is(index, "BIT")) return 1;
        if (words.is(index, "BYTE")) return 8;
        throw new RespError(RespError.SYNTAX);
    }
}

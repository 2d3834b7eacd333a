package dev.holdfast.redis.bitmaps;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.RedisString;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The calls that set the bits of a string.
final class BitWrites {
    // So much of each string is held in memory at a time: what one of its rows holds.
    private static final int PIECE_BYTES = 16 << 10;

    private BitWrites() {}

    /// `SETBIT key offset value`: sets the bit at the offset, and tells what it was.
    static Command setbit(Words words) {
        Bytes key = words.key(0);
        long offset = Bits.offset(words.bytes(1));
        String complaint = "ERR bit is not an integer or out of range";
        long bit = words.integer(2, complaint);
        if (bit != 0 && bit != 1) throw new RespError(complaint);
        return keyspace -> {
            RedisString string = keyspace.stringAt(key);
            int old = Bits.at(string, offset);
            boolean isLonger = string.length() <= offset / 8;
            Bits.setField(string, offset, 1, bit);
            if (isLonger || old != bit) keyspace.event(EventKind.STRING, "setbit", key);
            return Reply.integer(old);
        };
    }

    /// How the bytes of several strings become one.
    private enum Operation {
        AND,
        OR,
        XOR,
        NOT;

        static Operation of(Words words) {
            for (Operation each : values()) if (words.is(0, each.name())) return each;
            throw new RespError(RespError.SYNTAX);
        }

        void into(byte[] result, Bytes next) {
            for (int i = 0; i < result.length; i++) {
                byte other = i < next.length() ? next.at(i) : 0;
                switch (this) {
                    case AND -> result[i] &= other;
                    case OR -> result[i] |= other;
                    case XOR -> result[i] ^= other;
                    case NOT -> throw new AssertionError("NOT of two");
                }
            }
        }
    }

    /// `BITOP operation destkey key [key ...]`: keeps what comes out of the bits of the strings,
    /// and tells how long that is.
    static Command bitop(Words words) {
        Operation operation = Operation.of(words);
        if (operation == Operation.NOT && words.count() != 3)
            throw new RespError("ERR BITOP NOT must be called with a single source key.");
        Bytes destination = words.key(1);
        List<Bytes> keys = words.keys(2);
        return keyspace -> combine(keyspace, operation, destination, keys);
    }

    private static Reply combine(
            Keyspace keyspace, Operation operation, Bytes destination, List<Bytes> keys) {
        List<RedisString> sources = new ArrayList<>();
        for (Bytes key : keys) sources.add(keyspace.reading().stringAt(key));
        int length = sources.stream().mapToInt(RedisString::length).max().orElse(0);
        if (length == 0) {
            keyspace.deleteForNothing(destination);
            return Reply.ZERO;
        }
        RedisString target = keyspace.overwriteAt(destination);
        for (int at = 0; at < length; at += PIECE_BYTES) {
            int end = Math.min(length, at + PIECE_BYTES);
            target.write(at, piece(sources, operation, at, end));
        }
        keyspace.event(EventKind.STRING, "set", destination);
        return Reply.integer(length);
    }

    private static Bytes piece(List<RedisString> sources, Operation operation, int at, int end) {
        byte[] result = Arrays.copyOf(read(sources.getFirst(), at, end).toArray(), end - at);
        if (operation == Operation.NOT)
            for (int i = 0; i < result.length; i++) result[i] = (byte) ~result[i];
        for (RedisString source : sources.subList(1, sources.size()))
            operation.into(result, read(source, at, end));
        return Bytes.wrap(result);
    }

    private static Bytes read(RedisString source, int at, int end) {
        int last = Math.min(end, source.length());
        return at < last ? source.read(at, last) : Bytes.EMPTY;
    }
}

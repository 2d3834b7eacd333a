package dev.holdfast.redis.bitmaps;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.keyspace.RedisString;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `BITFIELD key [operations]` and its form that only reads: integers of any width inside a string.
record BitField(Bytes key, List<Step> steps) implements Command {
    private static final String READS_ONLY = "ERR BITFIELD_RO only supports the GET subcommand";

    /// The key of a call: only read if nothing is done but to get.
    static List<KeySpec.Use> keys(List<Bytes> call) {
        int at = 2;
        while (at < call.size() && isReading(call.get(at)))
            at += Numbers.isKeyword(call.get(at), "GET") ? 3 : 2;
        return List.of(
                at < call.size()
                        ? new KeySpec.Use(1, "RW", "access", "update")
                        : new KeySpec.Use(1, "RO", "access"));
    }

    private static boolean isReading(Bytes word) {
        return Numbers.isKeyword(word, "GET") || Numbers.isKeyword(word, "OVERFLOW");
    }

    /// What is done with a field.
    private enum Verb {
        GET,
        SET,
        INCRBY
    }

    /// What becomes of a number that does not fit.
    private enum Overflow {
        WRAP,
        SAT,
        FAIL
    }

    /// How wide a field is, and whether it has a sign.
    private record Width(int bits, boolean isSigned) {
        private static final String INVALID =
                "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not"
                        + " supported but i64 is.";

        static Width parse(Bytes word) {
            byte sign = word.isEmpty() ? 0 : word.at(0);
            if (sign != 'i' && sign != 'u') throw new RespError(INVALID);
            long bits = Numbers.integer(word.slice(1, word.length()), INVALID);
            if (bits < 1 || (sign == 'i' ? 64 : 63) < bits) throw new RespError(INVALID);
            return new Width((int) bits, sign == 'i');
        }

        long read(RedisString string, long offset) {
            long value = Bits.field(string, offset, bits);
            return isSigned ? value << (64 - bits) >> (64 - bits) : value;
        }

        private long max() {
            return isSigned ? Long.MAX_VALUE >> (64 - bits) : -1L >>> (64 - bits);
        }

        private long min() {
            return isSigned ? -max() - 1 : 0;
        }

        /// The sum as it fits; null if it does not, and that is to be said. The value of a field
        /// without sign is taken as one without.
        @Nullable Long sum(long value, long step, Overflow overflow) {
            boolean isOver = isSigned ? isOverSigned(value, step) : isOverUnsigned(value, step);
            boolean isUnder = !isOver && isUnder(value, step);
            if (!isOver && !isUnder) return value + step;
            return switch (overflow) {
                case WRAP -> wrapped(value + step);
                case SAT -> isOver ? max() : min();
                case FAIL -> null;
            };
        }

        // The room that is left may itself wrap around where the value is far outside; Redis then
        // saturates at the other end, and so do we.
        private boolean isOverSigned(long value, long step) {
            long room = max() - value;
            boolean isBeyond = room < step && (bits != 64 || 0 <= value && 0 < step);
            return max() < value || isBeyond;
        }

        private boolean isOverUnsigned(long value, long step) {
            return Long.compareUnsigned(max(), value) < 0 || 0 < step && max() - value < step;
        }

        private boolean isUnder(long value, long step) {
            if (!isSigned) return step < 0 && step < -value;
            long room = min() - value;
            boolean isBeyond = step < room && (bits != 64 || value < 0 && step < 0);
            return value < min() || isBeyond;
        }

        private long wrapped(long value) {
            long cut = value << (64 - bits);
            return isSigned ? cut >> (64 - bits) : cut >>> (64 - bits);
        }
    }

    /// One operation.
    private record Step(Verb verb, Width width, long offset, long operand, Overflow overflow) {
        Reply run(RedisString string) {
            long old = read(string);
            if (verb == Verb.GET) return Reply.integer(old);
            Long next =
                    verb == Verb.SET
                            ? width.sum(operand, 0, overflow)
                            : width.sum(old, operand, overflow);
            if (next == null) return Reply.NULL;
            Bits.setField(string, offset, width.bits, next);
            return Reply.integer(verb == Verb.SET ? old : next);
        }

        long read(RedisString string) {
            return width.read(string, offset);
        }

        long end() {
            return offset + width.bits;
        }
    }

    /// `BITFIELD key [GET type offset | [OVERFLOW kind] SET type offset value | ...]`: reads and
    /// writes.
    static Command bitfield(Words words) {
        return parse(words);
    }

    /// `BITFIELD_RO key [GET type offset ...]`: reads.
    static Command bitfield_ro(Words words) {
        BitField call = parse(words);
        if (call.writes()) throw new RespError(READS_ONLY);
        return call;
    }

    private static BitField parse(Words words) {
        List<Step> steps = new ArrayList<>();
        Overflow overflow = Overflow.WRAP;
        for (Options options = words.options(1); options.more(); ) {
            String keyword = options.keyword();
            int left = options.left();
            boolean isOverflow = keyword.equals("OVERFLOW") && 1 <= left;
            if (isOverflow) overflow = overflow(options.keyword());
            else if (keyword.equals("GET") && 2 <= left)
                steps.add(step(Verb.GET, options, overflow));
            else if (keyword.equals("SET") && 3 <= left)
                steps.add(step(Verb.SET, options, overflow));
            else if (keyword.equals("INCRBY") && 3 <= left)
                steps.add(step(Verb.INCRBY, options, overflow));
            else throw options.unexpected();
        }
        return new BitField(words.key(0), steps);
    }

    private static Step step(Verb verb, Options options, Overflow overflow) {
        Width width = Width.parse(options.bytes());
        long offset = Bits.offset(options.bytes(), width.bits);
        return new Step(verb, width, offset, verb == Verb.GET ? 0 : options.integer(), overflow);
    }

    private static Overflow overflow(String word) {
        for (Overflow each : Overflow.values()) if (each.name().equals(word)) return each;
        throw new RespError("ERR Invalid OVERFLOW type specified");
    }

    private boolean writes() {
        return steps.stream().anyMatch(step -> step.verb != Verb.GET);
    }

    @Override
    public Reply run(Keyspace keyspace) {
        RedisString string = (writes() ? keyspace : keyspace.reading()).stringAt(key);
        int before = string.length();
        if (writes()) grow(string);
        boolean isChanged = false;
        List<Reply> replies = new ArrayList<>();
        for (Step step : steps) {
            long old = step.read(string);
            Reply reply = step.run(string);
            replies.add(reply);
            boolean isDone = step.verb != Verb.GET && reply != Reply.NULL;
            isChanged |= isDone && (before < string.length() || old != step.read(string));
        }
        if (isChanged) keyspace.event(EventKind.STRING, "setbit", key);
        return Reply.array(replies);
    }

    // Room is made for all that may be written before anything is, also for what then fails.
    private void grow(RedisString string) {
        long end = 0;
        for (Step step : steps) if (step.verb != Verb.GET) end = Math.max(end, step.end());
        long length = (end + 7) / 8;
        if (string.length() < length) string.write(length - 1, Bytes.wrap(new byte[1]));
    }
}

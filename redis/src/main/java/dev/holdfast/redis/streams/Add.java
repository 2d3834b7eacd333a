package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Command;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.KeySpec;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `XADD key [options] * | id field value [field value ...]`: adds an entry, and tells its id.
record Add(Bytes key, Trimming trimming, FreshId id, List<Bytes> fields) implements Command {
    static final Syntax SYNTAX =
            Syntax.write("XADD", -5, Add::parse)
                    .flags(Flag.DENYOOM, Flag.FAST)
                    .keys(KeySpec.one("RW", "update"))
                    .docs(
                            Group.STREAM,
                            "5.0.0",
                            "O(1) when adding a new entry, O(N) when trimming where N being the"
                                    + " number of entries evicted.",
                            "Appends a new entry to a stream",
                            "key [NOMKSTREAM] [MAXLEN | MINID [= | ~] threshold [LIMIT count]]"
                                    + " * | id field value [field value ...]");

    private static final String TOO_SMALL =
            "ERR The ID specified in XADD is equal or smaller than the target stream top item";

    /// The id of a new entry, as far as it was given.
    ///
    /// @param millis null if the clock decides
    /// @param sequence null if the stream decides
    record FreshId(@Nullable Long millis, @Nullable Long sequence) {
        static FreshId parse(Bytes word) {
            String text = word.toUtf8();
            if (text.equals("*")) return new FreshId(null, null);
            if (text.endsWith("-*")) {
                Long millis = StreamId.number(text.substring(0, text.length() - 2));
                if (millis == null) throw new RespError(StreamId.INVALID);
                return new FreshId(millis, null);
            }
            StreamId id = StreamId.parseStrictly(word, 0);
            return new FreshId(id.millis(), id.sequence());
        }

        boolean isZero() {
            return millis != null && sequence != null && (millis | sequence) == 0;
        }

        /// The id after `last`.
        StreamId after(StreamId last, long nowMillis) {
            StreamId id = last.next();
            if (id == null)
                throw new RespError(
                        "ERR The stream has exhausted the last possible ID, unable to add more"
                                + " items");
            if (millis == null) return nowMillis <= last.millis() ? id : new StreamId(nowMillis, 0);
            boolean goesOn = sequence == null && millis == last.millis();
            if (goesOn && last.sequence() == -1) throw new RespError(TOO_SMALL);
            if (goesOn) return id;
            return new StreamId(millis, sequence == null ? 0 : sequence);
        }
    }

    private static Add parse(Words words) {
        Trimming trimming = Trimming.parse(words, Trimming.Of.XADD);
        int place = trimming.idPlace();
        FreshId id = place < words.count() ? FreshId.parse(words.bytes(place)) : null;
        trimming.check(Trimming.Of.XADD);
        int left = words.count() - place - 1;
        if (id == null || left < 2 || left % 2 != 0) throw RespError.arity("xadd");
        if (id.isZero())
            throw new RespError("ERR The ID specified in XADD must be greater than 0-0");
        return new Add(words.key(0), trimming, id, words.keys(place + 1));
    }

    @Override
    public Reply run(Keyspace keyspace) {
        RedisStream stream = RedisStream.at(keyspace, key);
        if (!stream.exists() && trimming.makesNoStream()) return Reply.NULL;
        StreamId next = id.after(stream.last(), keyspace.nowMillis());
        if (!next.isAbove(stream.last())) throw new RespError(TOO_SMALL);
        stream.add(next, fields);
        boolean isTrimmed = 0 < trimming.apply(stream);
        stream.save();
        keyspace.event(EventKind.STREAM, "xadd", key);
        if (isTrimmed) keyspace.event(EventKind.STREAM, "xtrim", key);
        return next.reply();
    }
}

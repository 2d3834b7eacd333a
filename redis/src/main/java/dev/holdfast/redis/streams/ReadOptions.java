package dev.holdfast.redis.streams;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.command.Numbers;
import dev.holdfast.redis.command.Options;
import dev.holdfast.redis.command.WaitingCommand;
import dev.holdfast.redis.command.WaitingCommand.Patience;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The words of XREAD and XREADGROUP.
///
/// @param count how many entries of each stream at most
/// @param patience null if the call does not wait
/// @param group null if there is none
record ReadOptions(
        List<Bytes> keys,
        List<Bytes> ids,
        long count,
        @Nullable Patience patience,
        @Nullable Reader group) {

    /// Who reads, and whether it will say when it is done with an entry.
    record Reader(Bytes group, Bytes consumer, Acknowledgement acknowledgement) {}

    /// Whether a consumer says when it is done with an entry.
    enum Acknowledgement {
        GIVEN,
        NONE
    }

    /// Which of the two commands the words are of.
    enum Of {
        XREAD,
        XREADGROUP
    }

    /// What was read so far.
    private static final class Found {
        private long count = Long.MAX_VALUE;
        private long blockMillis = -1;
        private @Nullable Bytes group;
        private @Nullable Bytes consumer;
        private boolean isNoAck;
    }

    static ReadOptions parse(Words words, Of command) {
        var found = new Found();
        Options options = words.options(0);
        while (options.more()) {
            Bytes word = options.bytes();
            if (Numbers.isKeyword(word, "STREAMS") && options.more())
                return streams(options, command, found);
            option(word, options, command, found);
        }
        throw new RespError(RespError.SYNTAX);
    }

    private static void option(Bytes word, Options options, Of command, Found found) {
        if (Numbers.isKeyword(word, "BLOCK") && options.more()) {
            found.blockMillis = block(options.bytes());
        } else if (Numbers.isKeyword(word, "COUNT") && options.more()) {
            long count = options.integer();
            found.count = count <= 0 ? Long.MAX_VALUE : count;
        } else if (Numbers.isKeyword(word, "GROUP") && 2 <= options.left()) {
            if (command == Of.XREAD)
                throw new RespError(
                        "ERR The GROUP option is only supported by XREADGROUP. You called XREAD"
                                + " instead.");
            found.group = options.bytes();
            found.consumer = options.bytes();
        } else if (Numbers.isKeyword(word, "NOACK")) {
            if (command == Of.XREAD)
                throw new RespError(
                        "ERR The NOACK option is only supported by XREADGROUP. You called XREAD"
                                + " instead.");
            found.isNoAck = true;
        } else throw new RespError(RespError.SYNTAX);
    }

    private static long block(Bytes word) {
        long millis = Numbers.integer(word, "ERR timeout is not an integer or out of range");
        if (millis < 0) throw new RespError("ERR timeout is negative");
        if (WaitingCommand.TIMEOUT_MAX < millis) throw new RespError("ERR timeout is out of range");
        return millis;
    }

    private static ReadOptions streams(Options options, Of command, Found found) {
        int left = options.left();
        if (left % 2 != 0)
            throw new RespError(
                    "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be"
                            + " specified.");
        List<Bytes> keys = new ArrayList<>();
        List<Bytes> ids = new ArrayList<>();
        for (int i = 0; i < left / 2; i++) keys.add(options.bytes());
        for (int i = 0; i < left / 2; i++) ids.add(options.bytes());
        Reader reader = null;
        if (command == Of.XREADGROUP) {
            if (found.group == null || found.consumer == null)
                throw new RespError("ERR Missing GROUP option for XREADGROUP");
            reader =
                    new Reader(
                            found.group,
                            found.consumer,
                            found.isNoAck ? Acknowledgement.NONE : Acknowledgement.GIVEN);
        }
        Patience patience = found.blockMillis < 0 ? null : new Patience(keys, found.blockMillis);
        return new ReadOptions(List.copyOf(keys), List.copyOf(ids), found.count, patience, reader);
    }
}

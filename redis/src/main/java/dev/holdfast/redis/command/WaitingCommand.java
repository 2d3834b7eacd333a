package dev.holdfast.redis.command;

import dev.holdfast.base.Bytes;
import dev.holdfast.redis.keyspace.Keyspace;
import dev.holdfast.redis.resp.RespError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A call that waits until a key holds what it asks for. Where it must not wait, as inside MULTI,
/// it answers that there was nothing.
public interface WaitingCommand extends Command {
    /// The longest time to wait, in milliseconds: in nanoseconds it is a number yet.
    long TIMEOUT_MAX = Long.MAX_VALUE / 1_000_000;

    /// What is answered at once; null if there is nothing yet. It stages nothing then.
    @Nullable Reply attempt(Keyspace keyspace);

    /// Like [#attempt], but looks at `key` alone, which has changed while the call waited.
    @Nullable Reply serve(Keyspace keyspace, Bytes key);

    /// What the call waits with, after an attempt in the same run found nothing.
    default WaitingCommand later(Keyspace keyspace) {
        return this;
    }

    /// For what and how long it waits; null if it does not wait after all.
    @Nullable Patience patience();

    /// The answer where nothing came in time.
    default Reply nothing() {
        return Reply.NULL_ARRAY;
    }

    /// The answer where there is nothing and the call must not wait.
    default Reply nothingAtOnce() {
        return nothing();
    }

    @Override
    default Reply run(Keyspace keyspace) {
        Reply reply = attempt(keyspace);
        return reply == null ? nothingAtOnce() : reply;
    }

    /// The milliseconds that a word with seconds means, as all who wait take it; 0 for ever.
    static long timeoutMillis(Bytes seconds) {
        double millis =
                Math.ceil(
                        Numbers.real(seconds, "ERR timeout is not a float or out of range") * 1000);
        boolean isBeyond = 0x1p63 <= millis; // what does not fit becomes negative
        if (millis < 0 || isBeyond) throw new RespError("ERR timeout is negative");
        if (TIMEOUT_MAX < millis) throw new RespError("ERR timeout is out of range");
        return (long) millis;
    }

    /// What a call waits for.
    ///
    /// @param millis how long; 0 for ever
    record Patience(List<Bytes> keys, long millis) {
        public Patience {
            keys = List.copyOf(keys);
        }
    }
}

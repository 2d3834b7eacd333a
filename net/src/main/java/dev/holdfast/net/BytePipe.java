package dev.holdfast.net;

import dev.holdfast.base.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A connection: bytes in, bytes out, in order, both bounded.
///
/// One thread reads at a time and one writes at a time; they may be two. [#wake], [#close] and the
/// questions may come from any thread. What cannot be read yet waits in a bounded buffer, and a
/// full buffer stops the other side from sending.
public interface BytePipe extends AutoCloseable {
    /// The next bytes, as they came: in an array that nobody else holds. Empty if none came within
    /// `timeout` or somebody called [#wake]; null once the other side has ended its stream.
    @Nullable Bytes read(Duration timeout) throws PipeException, InterruptedException;

    /// How many bytes wait to be read.
    long available();

    /// True once nothing more will come: the other side has ended its stream, or the pipe has
    /// ended. What came before may still wait to be read.
    boolean isOver();

    /// Makes a read that waits, or else the next read, return empty if no bytes are there.
    void wake();

    /// From now on the pipe is lent to `standIn` when something comes while the reader waits in
    /// [#read] and would get that. Whoever the pipe is lent to may call [#takeLent], and must give
    /// it back soon. Once, before the first read.
    void lendTo(StandIn standIn);

    /// What has come on the pipe while it is lent: as [#read] would return it, without a wait.
    Bytes takeLent();

    /// Ends the loan, and tells whether it has: not if more has come and the reader is not to be
    /// woken.
    boolean giveBack(Reader reader);

    /// What becomes of the reader when a pipe is given back.
    enum Reader {
        /// It goes on waiting.
        WAITS,
        /// Its read returns.
        GOES_ON
    }

    /// Hands `segments` over to be sent in order; returns once the buffer of what is not yet sent
    /// has taken them. Throws `STALLED` if it was full and the other side took nothing for
    /// `stallMax`. The segments must not change afterwards.
    void write(List<Bytes> segments, Duration stallMax) throws PipeException, InterruptedException;

    /// Like [#write], but only if that need not wait; false if it would, and nothing is written
    /// then.
    default boolean writeAtOnce(List<Bytes> segments) throws PipeException {
        var alone = new FlushGroup();
        boolean isWritten = writeAtOnce(segments, alone);
        alone.flush();
        return isWritten;
    }

    /// The same, to be sent with what else is written with `group`, which must be flushed soon,
    /// whatever happens.
    boolean writeAtOnce(List<Bytes> segments, FlushGroup group) throws PipeException;

    /// How many bytes were written and not yet sent.
    long unsent();

    /// How many bytes were sent so far.
    long sent();

    /// Ends the conversation without losing a byte of it: sends what was written, ends this side's
    /// stream, takes in and forgets what still comes until the other side ends its own, then closes
    /// (a close with bytes unread would reset the connection, and the last replies with it). At
    /// most `timeout`; tells whether everything was sent.
    default Farewell finish(Duration timeout) throws InterruptedException {
        return finish(timeout, () -> Duration.ZERO);
    }

    /// The same; once `timeout` is over, `more` tells how much longer the other side has to end its
    /// stream, again and again until that is nothing. It must not wait.
    Farewell finish(Duration timeout, Supplier<Duration> more) throws InterruptedException;

    /// The other side's address, as `host:port`.
    String remoteAddress();

    /// This side's address, as `host:port`.
    String localAddress();

    /// True if the other side is on this machine.
    boolean isLoopback();

    /// Ends both streams at once. Closing twice does nothing.
    @Override
    void close();

    /// How a conversation ended.
    enum Farewell {
        /// All that was written was sent.
        SENT,
        /// The other side did not take everything in time.
        CUT
    }
}

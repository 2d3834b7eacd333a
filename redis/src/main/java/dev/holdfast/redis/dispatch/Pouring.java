package dev.holdfast.redis.dispatch;

import dev.holdfast.engine.api.StorageException;
import dev.holdfast.net.PipeException;
import dev.holdfast.redis.listing.Listing;
import dev.holdfast.redis.resp.RespError;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One long answer on its way: it is read from one sight of the database as the client takes it,
/// and no more than a piece of it is held.
///
/// Invariant: once a piece has gone out the answer is whole, or the connection ends. Not
/// thread-safe.
final class Pouring implements Listing.Going {
    // The sight holds memtables and tables alive, so a client must not take it as slowly as it
    // likes. What reading and durability take is not the client's.
    private static final Duration UNHURRIED_MAX = Duration.ofSeconds(10);
    private static final long BYTES_PER_SECOND_MIN = 256 * 1024;

    private final Outflow to;
    private final LongSupplier seq;
    private final long takenBefore;
    private long bytes;
    private @Nullable PipeException broken;
    private @Nullable InterruptedException cut;

    /// @param seq what must be durable before anything is told of what was read so far
    Pouring(Outflow to, LongSupplier seq) {
        this.to = to;
        this.seq = seq;
        this.takenBefore = to.takingNanos();
    }

    /// Writes `listing` behind nothing, and sends all of it but the last piece.
    void pour(Listing listing) throws PipeException, InterruptedException {
        try {
            listing.writeTo(to.writer(), this);
        } catch (StorageException | RespError failure) {
            throw new PipeException(
                    PipeException.Reason.CLOSED, "reply broken off: " + failure.getMessage());
        }
        if (broken != null) throw broken;
        if (cut != null) throw cut;
    }

    @Override
    public boolean on() {
        if (to.writer().bytes() < Connection.TURN_BYTES_MAX) return true;
        try {
            bytes += to.writer().bytes();
            to.send(seq.getAsLong());
            checkPace();
            return true;
        } catch (PipeException stopped) {
            broken = stopped;
        } catch (InterruptedException interrupted) {
            cut = interrupted; // thrown by the one who waits for the whole
        }
        return false;
    }

    private void checkPace() throws PipeException {
        Duration taken = Duration.ofNanos(to.takingNanos() - takenBefore);
        Duration most = UNHURRIED_MAX.plusSeconds(bytes / BYTES_PER_SECOND_MIN);
        if (taken.compareTo(most) <= 0) return;
        throw new PipeException(
                PipeException.Reason.STALLED,
                "long reply taken too slowly. bytes=`" + bytes + "`, taken=`" + taken + "`");
    }
}

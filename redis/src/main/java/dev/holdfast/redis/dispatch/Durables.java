package dev.holdfast.redis.dispatch;

import dev.holdfast.engine.api.Db;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.redis.server.ServerConfig;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// What replies wait for: the durability that the server is set to, or that the client asked for.
/// Thread-safe.
public final class Durables {
    private static final System.Logger LOG = System.getLogger(Durables.class.getName());

    private final Db db;
    private final ServerConfig config;
    private final AtomicBoolean isFailing = new AtomicBoolean();
    private volatile long hastened; // who is a little behind hastens once more

    public Durables(Db db, ServerConfig config) {
        this.db = db;
        this.config = config;
    }

    /// True if a reply that tells of `seq` may go out now to a client that asked for `asked`.
    boolean reached(long seq, @Nullable Durability asked) {
        if (seq == 0) return true;
        Durability level = config.durability(asked);
        return level == Durability.MEMORY || seq <= db.watermarks().of(level);
    }

    /// The durability that replies to a client wait for which asked for `asked`.
    Durability level(@Nullable Durability asked) {
        return config.durability(asked);
    }

    /// A reply that tells of `seq` will wait: has it become durable soon. Never waits.
    void hasten(long seq, @Nullable Durability asked) {
        if (seq <= hastened || config.durability(asked) != Durability.LOCAL) return;
        hastened = seq;
        db.hastenLocal(seq);
    }

    /// Has `then` done once `seq` has reached `level`, by the thread that makes it so. False if
    /// nobody tells of that: then it has to be waited for.
    boolean whenReached(long seq, Durability level, Runnable then) {
        return level == Durability.LOCAL && db.whenLocal(seq, then);
    }

    /// Waits until a reply that tells of `seq` may go out to a client that asked for `asked`.
    /// Throws `Unavailable` or `Closed` if that cannot be promised: whether `seq` survives is
    /// unknown then.
    void await(long seq, @Nullable Durability asked) throws InterruptedException {
        if (reached(seq, asked)) return;
        try {
            db.awaitDurable(seq, config.durability(asked), config.durabilityMax());
            if (isFailing.getAndSet(false))
                LOG.log(System.Logger.Level.INFO, "durability back. seq=`{0}`", seq);
        } catch (StorageException.Unavailable | StorageException.Closed failure) {
            if (!isFailing.getAndSet(true))
                LOG.log(
                        System.Logger.Level.WARNING,
                        "durability not reached, connections that wait for it are closed. seq=`"
                                + seq
                                + "`",
                        failure);
            throw failure;
        }
    }
}

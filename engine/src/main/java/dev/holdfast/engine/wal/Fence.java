package dev.holdfast.engine.wal;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.manifest.NumberedNames;
import dev.holdfast.format.manifest.Profile;
import dev.holdfast.format.wal.WalDecoder.FenceForm;
import dev.holdfast.format.wal.WalEncoder;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The object without rows by which a new writer ends the log of the one before.
///
/// Invariant: every id before the fence is taken when it is put. The older writer puts its objects
/// one by one, so its next put meets the fence, or an object before it, and it learns that it is
/// fenced.
public final class Fence {
    private static final int CONFLICTS_MAX = 1000;
    private static final Duration PAUSE_FIRST = Duration.ofMillis(5);
    private static final Duration PAUSE_LONGEST = Duration.ofSeconds(1);

    private final ObjectStore store;
    private final NumberedNames names;
    private final Env env;
    private FenceForm form = FenceForm.EMPTY_SST;

    public Fence(ObjectStore store, String root, Env env) {
        this.store = store;
        names = NumberedNames.wals(root);
        this.env = env;
    }

    /// From now on fences are put in the form of `profile`.
    public void writeFor(Profile profile) {
        form =
                switch (profile) {
                    case SLATEDB_0_12 -> FenceForm.EMPTY_SST;
                    case SLATEDB_0_15 -> FenceForm.NO_BYTES;
                };
    }

    /// Puts a fence at the first free id from `firstFree` on, and returns that id. Each time an id
    /// turns out to be taken `requireStillOurs` is asked, which throws if a newer writer has come.
    public long raise(long firstFree, Runnable requireStillOurs, Deadline deadline, Token token)
            throws InterruptedException {
        for (int conflict = 0; conflict < CONFLICTS_MAX; conflict++) {
            long id = firstFree + conflict;
            if (isPut(id, deadline, token)) return id;
            requireStillOurs.run();
        }
        throw new Unavailable("the log grew faster than it could be fenced", null);
    }

    // False if the id is taken by what may be another's: whose it is need not be known, as the next
    // id serves as well.
    private boolean isPut(long id, Deadline deadline, Token token) throws InterruptedException {
        String name = names.name(id);
        Ulid putId = Ulid.next(env);
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        RuntimeException failure = null;
        while (!deadline.isExpired() && !token.isCancelled()) {
            try {
                switch (store.putIfAbsent(name, List.of(WalEncoder.fence(form)), putId)) {
                    case PutResult.Stored _ -> {
                        return true;
                    }
                    case PutResult.AlreadyExists _ -> {
                        return isOurs(store.head(name), putId);
                    }
                    case PutResult.Unknown lost -> {
                        failure = lost.cause();
                        ObjectMeta there = store.head(name);
                        if (there != null) return isOurs(there, putId);
                    }
                }
            } catch (ObjectStoreException.Unavailable unavailable) {
                failure = unavailable;
            } catch (ObjectStoreException.Refused refused) {
                throw new Unavailable("fence refused. object=`" + name + "`", refused);
            }
            token.pause(backoff.next());
        }
        throw new Unavailable("fence outcome unknown. object=`" + name + "`", failure);
    }

    private static boolean isOurs(@Nullable ObjectMeta there, Ulid putId) {
        return there != null && putId.equals(there.putId());
    }
}

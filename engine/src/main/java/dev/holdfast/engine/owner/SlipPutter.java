package dev.holdfast.engine.owner;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts what an owner leaves, once, however often the reply is lost.
final class SlipPutter {
    private static final Duration PAUSE_FIRST = Duration.ofMillis(20);
    private static final Duration PAUSE_LONGEST = Duration.ofSeconds(1);

    private final ObjectStore store;
    private final Env env;

    SlipPutter(ObjectStore store, Env env) {
        this.store = store;
        this.env = env;
    }

    /// Returns once the object is there with these bytes. Throws `Unavailable` at the deadline, or
    /// when the token ends it, or if others are there.
    void put(String name, Bytes content, Deadline deadline, Token token)
            throws InterruptedException {
        Ulid putId = Ulid.next(env);
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        RuntimeException failure = null;
        while (!deadline.isExpired() && !token.isCancelled()) {
            try {
                switch (store.putIfAbsent(name, List.of(content), putId)) {
                    case PutResult.Stored _ -> {
                        return;
                    }
                    case PutResult.AlreadyExists _ -> {}
                    case PutResult.Unknown lost -> failure = lost.cause();
                }
                if (isThere(name, content)) return;
            } catch (ObjectStoreException.Unavailable unanswered) {
                failure = unanswered;
            } catch (ObjectStoreException.Refused refused) {
                throw new Unavailable("refused. object=`" + name + "`", refused);
            }
            token.pause(backoff.next());
        }
        throw new Unavailable("an owner's word is not put. object=`" + name + "`", failure);
    }

    // Read twice: bytes damaged on the way must not look like another's.
    private boolean isThere(String name, Bytes content) {
        Bytes there = store.get(name);
        if (there == null) return false;
        if (there.equals(content)) return true;
        @Nullable Bytes again = store.get(name);
        if (content.equals(again)) return true;
        if (!there.equals(again)) return false;
        throw new Unavailable("another's word is there. object=`" + name + "`", null);
    }
}

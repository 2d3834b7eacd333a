package dev.holdfast.engine.wal;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.engine.api.StorageException.Conflict;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import java.util.List;

/// Puts log objects of one database where those of a copy lie. Repeating it changes nothing, and
/// what somebody else has put there stays.
public final class WalTransfer {
    private final ObjectStore to;
    private final Env env;

    public WalTransfer(ObjectStore to, Env env) {
        this.to = to;
        this.env = env;
    }

    /// Puts `object` at `target`; false if it was there. Throws `Conflict` if something else is.
    public boolean put(String target, Bytes object) {
        return switch (to.putIfAbsent(target, List.of(object), Ulid.next(env))) {
            case PutResult.Stored _ -> true;
            case PutResult.AlreadyExists _, PutResult.Unknown _ -> {
                requireSame(target, object);
                yield false;
            }
        };
    }

    private void requireSame(String target, Bytes object) {
        Bytes there = to.get(target);
        if (there == null) throw new Unavailable("not confirmed. object=`" + target + "`", null);
        if (!there.equals(object))
            throw new Conflict(
                    "the destination was written by somebody else. object=`" + target + "`");
    }
}

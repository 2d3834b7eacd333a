package dev.holdfast.s3;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Refused;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.AlreadyExists;
import dev.holdfast.objectstore.api.PutResult.Stored;
import dev.holdfast.objectstore.api.PutResult.Unknown;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Proves, before the first write, that a second conditional create of one name is refused: on a
/// store that ignores the condition two writers would both believe that they own the database.
///
/// It creates an object under a fresh name twice and removes it. Safe beside others that do the
/// same. Thread-safe.
final class CreateProbe {
    private static final System.Logger LOG = System.getLogger(CreateProbe.class.getName());

    private final S3Location location;
    private final Proven proven;
    private final Env env;

    CreateProbe(S3Location location, Proven proven, Env env) {
        this.location = location;
        this.proven = proven;
        this.env = env;
    }

    /// The buckets of this process that need no second proof. Thread-safe.
    static final class Proven {
        private final Set<String> places = ConcurrentHashMap.newKeySet();

        private static String placeOf(S3Location location) {
            return location.endpoint() + " " + location.bucket();
        }
    }

    /// Throws [Refused] if `store` does not keep the promise, [Unavailable] if it did not answer.
    /// Nothing but the probe's own object was written then.
    void require(S3Store store) {
        if (proven.places.contains(Proven.placeOf(location))) return;
        String name = ".holdfast-probe-" + Ulid.next(env);
        // Unanswered, it ends here: the caller's repeat begins with a fresh name.
        PutResult first = create(store, name, "first");
        PutResult second = create(store, name, "second");
        remove(store, name);
        if (!(first instanceof Stored && second instanceof AlreadyExists)) throw ignored();
        proven.places.add(Proven.placeOf(location));
    }

    private PutResult create(S3Store store, String name, String body) {
        PutResult result = store.create(name, List.of(Bytes.utf8(body)), Ulid.next(env));
        if (result instanceof Unknown(RuntimeException cause))
            throw new Unavailable("probe not answered: " + cause.getMessage(), cause);
        return result;
    }

    private Refused ignored() {
        return new Refused(
                "the store does not refuse a second conditional create (If-None-Match: *): two"
                        + " writers would destroy each other's data, so nothing is written to it."
                        + " store=`"
                        + location.url()
                        + "`",
                null);
    }

    private static void remove(S3Store store, String name) {
        try {
            store.delete(name);
        } catch (ObjectStoreException left) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "probe object left behind. name=`{0}`, cause=`{1}`",
                    name,
                    left.getMessage());
        }
    }
}

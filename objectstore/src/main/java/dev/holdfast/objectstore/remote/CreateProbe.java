package dev.holdfast.objectstore.remote;

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
public final class CreateProbe {
    private static final System.Logger LOG = System.getLogger(CreateProbe.class.getName());

    private final Place place;
    private final Proven proven;
    private final Env env;

    public CreateProbe(Place place, Proven proven, Env env) {
        this.place = place;
        this.proven = proven;
        this.env = env;
    }

    /// What is proved: one bucket at one server.
    ///
    /// @param key the same for all stores within it
    /// @param url how a person would name the store that is opened
    public record Place(String key, String url) {}

    /// The places of this process that need no second proof. Thread-safe.
    public static final class Proven {
        private final Set<String> places = ConcurrentHashMap.newKeySet();
    }

    /// A store that may not have been proven yet.
    public interface Candidate {
        /// Creates an object if the name is free.
        PutResult create(String name, List<Bytes> parts, Ulid putId);

        /// Removes an object.
        void delete(String name);
    }

    /// Throws [Refused] if `store` does not keep the promise, [Unavailable] if it did not answer.
    /// Nothing but the probe's own object was written then.
    public void require(Candidate store) {
        if (proven.places.contains(place.key())) return;
        String name = ".holdfast-probe-" + Ulid.next(env);
        // Unanswered, it ends here: the caller's repeat begins with a fresh name.
        PutResult first = create(store, name, "first");
        PutResult second = create(store, name, "second");
        remove(store, name);
        if (!(first instanceof Stored && second instanceof AlreadyExists)) throw ignored();
        proven.places.add(place.key());
    }

    private PutResult create(Candidate store, String name, String body) {
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
                        + place.url()
                        + "`",
                null);
    }

    private static void remove(Candidate store, String name) {
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

package dev.holdfast.engine.note;

import dev.holdfast.base.Backoff;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException.CorruptData;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.engine.note.IngestNote.Place;
import dev.holdfast.format.wire.FormatException;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.objectstore.api.ObjectMeta;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.PutResult;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The notes of the ingests of one database: objects below `ingest/` under its root, each put
/// before its ingest is published.
///
/// Invariant: between two commits that follow on each other in the log, and whose numbers do not,
/// an ingest has been published only if there is a note of it here.
///
/// A note of one that was not published is removed when the next is begun. No engine but ours looks
/// there. Thread-safe: it holds no state.
public final class IngestNotes {
    private static final String FOLDER = "ingest/";
    private static final Pattern NAME = Pattern.compile("(\\d{20})-(\\d{20})-(\\d{20})-(\\d{20})");
    private static final Duration PAUSE_FIRST = Duration.ofMillis(20);
    private static final Duration PAUSE_LONGEST = Duration.ofSeconds(1);

    private final ObjectStore store;
    private final String root;
    private final String prefix;
    private final Env env;

    /// @param root the path of the database, empty for the store's root
    public IngestNotes(ObjectStore store, String root, Env env) {
        this.store = store;
        this.root = root;
        this.env = env;
        prefix = prefix(root);
    }

    /// What the names of all notes begin with.
    public static String prefix(String root) {
        return (root.isEmpty() ? "" : root + "/") + FOLDER;
    }

    /// Where the ingest stands whose note is called `name`; null if that is no such name.
    public static @Nullable Place placeIn(String root, String name) {
        String folder = prefix(root);
        if (!name.startsWith(folder)) return null;
        Matcher form = NAME.matcher(name.substring(folder.length()));
        if (!form.matches()) return null;
        try {
            return new Place(number(form, 1), number(form, 2), number(form, 3), number(form, 4));
        } catch (NumberFormatException foreign) {
            return null;
        }
    }

    private static long number(Matcher form, int group) {
        return Long.parseLong(form.group(group));
    }

    private String nameOf(Place at) {
        return "%s%020d-%020d-%020d-%020d"
                .formatted(prefix, at.seqBefore(), at.seq(), at.walId(), at.epoch());
    }

    /// Puts `note`. The name is its writer's alone, so that repeating it is harmless. Throws
    /// `Unavailable` if it is not there at the deadline.
    public void put(IngestNote note, Deadline deadline, Token token) throws InterruptedException {
        var backoff = new Backoff(env, PAUSE_FIRST, PAUSE_LONGEST);
        String name = nameOf(note.at());
        Throwable failure = null;
        while (!deadline.isExpired() && !token.isCancelled()) {
            try {
                PutResult put = store.put(name, List.of(note.encode()));
                if (put instanceof PutResult.Stored) return;
                if (put instanceof PutResult.Unknown lost) failure = lost.cause();
            } catch (ObjectStoreException.Unavailable unanswered) {
                failure = unanswered;
            } catch (ObjectStoreException.Refused refused) {
                throw new Unavailable("refused. object=`" + name + "`", refused);
            }
            token.pause(backoff.next());
        }
        throw new Unavailable("nothing was committed, a note is not put. " + name, failure);
    }

    /// The ingest that follows commit `seqBefore`; null if there is none, or none yet.
    public @Nullable IngestNote behind(long seqBefore) {
        String folder = "%s%020d-".formatted(prefix, seqBefore);
        Place newest =
                store.list(folder, null, ObjectStore.LIST_LIMIT_MAX).stream()
                        .map(object -> placeIn(root, object.name()))
                        .filter(Objects::nonNull)
                        .max(Comparator.comparingLong(Place::epoch).thenComparing(Place::seq))
                        .orElse(null);
        return newest == null ? null : read(newest);
    }

    private @Nullable IngestNote read(Place at) {
        try {
            Bytes object = store.get(nameOf(at));
            return object == null ? null : IngestNote.decode(at, object);
        } catch (FormatException _) { // damage on the way is healed by reading once more
            return readAgain(at);
        }
    }

    private @Nullable IngestNote readAgain(Place at) {
        try {
            Bytes object = store.get(nameOf(at));
            return object == null ? null : IngestNote.decode(at, object);
        } catch (FormatException damaged) {
            throw new CorruptData(damaged.getMessage() + ". object=`" + nameOf(at) + "`", damaged);
        }
    }

    /// Removes the notes of ingests that were never published: of numbers above the last commit
    /// that the writer of `epoch` knows. Those of newer writers stay: it may have been fenced
    /// unawares.
    public void removeAbove(long lastSeq, long epoch) {
        String position = null;
        while (true) {
            List<ObjectMeta> page = store.list(prefix, position, ObjectStore.LIST_LIMIT_MAX);
            for (ObjectMeta object : page) {
                position = object.name();
                Place at = placeIn(root, position);
                boolean isOurs = at != null && at.epoch() <= epoch;
                if (isOurs && lastSeq < at.seq()) store.delete(position);
            }
            if (page.size() < ObjectStore.LIST_LIMIT_MAX) return;
        }
    }
}

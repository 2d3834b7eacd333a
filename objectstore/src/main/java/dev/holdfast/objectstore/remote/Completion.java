package dev.holdfast.objectstore.remote;

import dev.holdfast.lifecycle.durable.Durable;
import dev.holdfast.objectstore.api.ObjectStoreException;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.api.PutResult.Stored;
import dev.holdfast.objectstore.api.PutResult.Unknown;
import dev.holdfast.objectstore.remote.Answer.Failed;
import dev.holdfast.objectstore.remote.Answer.Given;
import dev.holdfast.objectstore.retry.Repeater;
import org.jspecify.annotations.Nullable;

/// The last request of an upload in parts, the one that makes the object appear: repeated while
/// nothing is known to have come of it.
///
/// Invariant: a completion that was not answered is settled by the mark that the object carries;
/// without one it is unknown, never failed.
public final class Completion {
    private final Repeater repeater;

    public Completion(Repeater repeater) {
        this.repeater = repeater;
    }

    /// An upload whose parts have all arrived.
    public interface Upload {
        /// The name of the object.
        String name();

        /// Asks once for the object to appear.
        Answer<?> complete();

        /// True if the object that is there is this upload's; throws if nobody answers.
        boolean isThere();

        /// Lets go of the parts; called only where the object is known not to appear.
        void abandon();
    }

    /// How the upload ended.
    public PutResult of(Upload upload) {
        Repeater.Patience patience = repeater.patience("complete", upload.name());
        Unknown unknown = null;
        while (true) {
            Failure failure;
            switch (upload.complete()) {
                case Given<?> _ -> {
                    patience.answered();
                    return stored(upload);
                }
                case Failed<?>(Failure failed) -> failure = failed;
            }
            if (mayHaveHappened(failure)) {
                if (isKnownToBeThere(upload)) return stored(upload);
                unknown = unknown(failure, upload);
            }
            ObjectStoreException exception = failure.toException(upload.name());
            if (isWorthRepeating(failure) && patience.pauseAfter(exception)) continue;
            return notCompleted(upload, unknown, exception);
        }
    }

    private static PutResult notCompleted(
            Upload upload, @Nullable Unknown unknown, ObjectStoreException exception) {
        if (unknown != null) return unknown;
        upload.abandon();
        throw exception;
    }

    // An upload that is gone may have been completed by an attempt whose reply was lost.
    private static boolean mayHaveHappened(Failure failure) {
        return switch (failure.verdict()) {
            case UNKNOWN, NO_UPLOAD, ABSENT -> true;
            case NOT_DONE, TAKEN, BEYOND_END, REFUSED -> false;
        };
    }

    private static boolean isWorthRepeating(Failure failure) {
        return switch (failure.verdict()) {
            case UNKNOWN, NOT_DONE -> true;
            case NO_UPLOAD, ABSENT, TAKEN, BEYOND_END, REFUSED -> false;
        };
    }

    private static boolean isKnownToBeThere(Upload upload) {
        try {
            return upload.isThere();
        } catch (ObjectStoreException unanswered) {
            return false;
        }
    }

    private static Unknown unknown(Failure failure, Upload upload) {
        Unavailable cause =
                Requests.senseless("upload not completed: " + failure.text(), upload.name());
        return new Unknown(cause);
    }

    private static PutResult stored(Upload upload) {
        return new Stored(Durable.confirmed(upload.name()));
    }
}

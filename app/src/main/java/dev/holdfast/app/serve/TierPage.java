package dev.holdfast.app.serve;

import dev.holdfast.app.inspect.OwnerPage;
import dev.holdfast.app.inspect.Page;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.LocalStatus;
import dev.holdfast.engine.api.Watermarks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an open database's local disk and its store stand: marks, what the loss of the disk would
/// cost, what is on its way, what holds it up, and who owns it.
final class TierPage {
    private static final int TASKS_MAX = 20;

    private TierPage() {}

    /// The page of `db`, as JSON.
    static String json(HoldfastDb db, DatabaseLocation location) {
        Watermarks marks = db.watermarks();
        LocalStatus local = db.local();
        return new Page()
                        .add("product", "holdfast")
                        .add("database", location.toString())
                        .add("applied", marks.applied())
                        .add("local", marks.local())
                        .add("remote", marks.remote())
                        .add("commitsNotInStore", marks.local() - marks.remote())
                        .add("disk", local == null ? null : disk(local))
                        .add("uploads", local == null ? null : uploads(local.uploads()))
                        .add("keptAside", local == null ? null : keptAside(local.diverged()))
                        .add("owner", OwnerPage.of(db.owner()))
                        .toJson()
                + "\n";
    }

    private static Page disk(LocalStatus local) {
        return new Page()
                .add("directory", local.directory().toString())
                .add("forcedSeq", local.forcedSeq())
                .add("forces", local.forces())
                .add("replayed", local.replayed())
                .add("atRiskBytes", local.exposure().bytes())
                .add("atRiskSeconds", local.exposure().age().toMillis() / 1000.0)
                .add("readOnly", local.readOnlyWhy().isEmpty() ? null : local.readOnlyWhy());
    }

    private static Page uploads(LocalStatus.Uploads uploads) {
        LocalStatus.Uploads.Attempts attempts = uploads.attempts();
        List<String> tasks =
                uploads.tasks().stream()
                        .limit(TASKS_MAX)
                        .map(LocalStatus.Uploads.Task::inWords)
                        .toList();
        return new Page()
                .add("waiting", uploads.count())
                .add("waitingBytes", uploads.bytes())
                .add("done", uploads.done())
                .add("doneBytes", uploads.bytesDone())
                .add("running", attempts.running())
                .add("slots", attempts.slots())
                .add("failures", attempts.failures())
                .add("slowDowns", attempts.slowDowns())
                .add("parked", uploads.parkedWhy().isEmpty() ? null : uploads.parkedWhy())
                .add("etaSeconds", uploads.eta() == null ? null : uploads.eta().toSeconds())
                .add("tasks", tasks);
    }

    private static @Nullable Page keptAside(LocalStatus.@Nullable Diverged diverged) {
        if (diverged == null) return null;
        return new Page()
                .add("epoch", diverged.epoch())
                .add("commitsAfter", diverged.afterSeq())
                .add("commitsUpTo", diverged.lastSeq())
                .add("directory", diverged.directory().toString());
    }
}

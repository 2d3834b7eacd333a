package dev.holdfast.engine.ship;

import dev.holdfast.engine.api.LocalStatus.Uploads.Task;
import dev.holdfast.engine.ship.Upload.State;
import dev.holdfast.lifecycle.StopContext;
import java.util.ArrayList;
import java.util.List;

/// What a stop leaves to the next start, as it stood when it was left.
///
/// Log objects are not in it: what is not in the log is counted by commits.
///
/// @param uploads those that had not ended, with what was known of each
record Remainder(List<Left> uploads) {
    private static final int TOLD_MAX = 50;

    /// One of them.
    record Left(Upload upload, Task task) {}

    static Remainder of(List<Upload> uploads, long nowNanos) {
        var left = new ArrayList<Left>();
        for (Upload each : uploads) left.add(new Left(each, UploadBook.task(each, nowNanos)));
        return new Remainder(left);
    }

    /// Without those that were done after all.
    private List<Left> still() {
        return uploads.stream().filter(each -> each.upload.state() != State.DONE).toList();
    }

    int count() {
        return still().size();
    }

    /// Puts it into the report of a stop, one by one as far as that is readable.
    void tell(StopContext context) {
        List<Task> tasks =
                still().stream()
                        .map(Left::task)
                        .filter(each -> !each.kind().equals(Shipment.Kind.WAL.name()))
                        .toList();
        if (tasks.isEmpty()) return;
        context.remains("uploads", tasks.size());
        context.remains("bytes of uploads", tasks.stream().mapToLong(Task::bytes).sum());
        for (Task each : tasks.subList(0, Math.min(TOLD_MAX, tasks.size())))
            context.remains("bytes of upload " + each.inWords(), each.bytes());
    }
}

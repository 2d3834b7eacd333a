package dev.holdfast.engine.ship;

import dev.holdfast.base.Env;
import dev.holdfast.engine.api.LocalStatus.Uploads;
import java.time.Duration;
import java.util.List;

/// What is known of uploads, past and present, in figures and in words. Not thread-safe.
final class UploadBook {
    private static final int TASKS_MAX = 1000;

    private final Env env;
    private final Throughput throughput;
    private long done;
    private long bytesDone;
    private long failures;
    private long slowDowns;
    private long stalls;

    UploadBook(Env env) {
        this.env = env;
        throughput = new Throughput(env.nanoTime());
    }

    void done(long bytes) {
        done++;
        bytesDone += bytes;
        throughput.sent(bytes, env.nanoTime());
    }

    void broke(Reaction reaction) {
        switch (reaction) {
            case AGAIN -> failures++;
            case SLOWER -> slowDowns++;
            case PARK, REPEAT, FAIL -> {}
        }
    }

    void stalled() {
        stalls++;
    }

    Uploads report(UploadQueue queue, Window window, Park park) {
        List<Upload> all = queue.all();
        long bytes = 0;
        for (Upload each : all) bytes += each.shipment().bytes();
        long now = env.nanoTime();
        var attempts = new Uploads.Attempts(queue.running(), window.size(), failures, slowDowns);
        Throwable parked = park.why();
        return new Uploads(
                all.stream().limit(TASKS_MAX).map(each -> task(each, now)).toList(),
                all.size(),
                bytes,
                done,
                bytesDone,
                attempts,
                parked == null ? "" : String.valueOf(parked.getMessage()),
                stalls,
                throughput.timeFor(bytes, now));
    }

    static Uploads.Task task(Upload upload, long now) {
        boolean rests = upload.state() == Upload.State.RESTING;
        Throwable error = upload.lastError;
        return new Uploads.Task(
                upload.id(),
                upload.shipment().kind().name(),
                upload.shipment().name(),
                upload.shipment().bytes(),
                upload.attempts,
                upload.state().name(),
                upload.blockedBy(),
                error == null ? "" : String.valueOf(error.getMessage()),
                rests ? Duration.ofNanos(Math.max(0, upload.nextAttemptNanos - now)) : null,
                Duration.ofNanos(upload.ageNanos(now)));
    }
}

package dev.holdfast.system.disk;

import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.StorageException.Unavailable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A process with a local log that commits on every lane, on top of what it finds, and says so once
/// a commit has reached the durability of its lane. Ends when it is killed, or nobody listens.
final class CommitProgram {
    static final String OPENED = "opened";
    static final String REFUSED = "refused";
    static final String DONE = ".";

    private static final long PAUSE_MILLIS = 20;

    private final HoldfastDb db;

    private CommitProgram(HoldfastDb db) {
        this.db = db;
    }

    /// `local bucket` and the words of [CommitSettings].
    public static void main(String[] arguments) throws InterruptedException {
        Thread.ofPlatform().daemon().start(CommitProgram::endWithoutAudience);
        var words = List.of(arguments);
        var bucket = CommitSettings.bucket(words.get(1));
        var settings = CommitSettings.of(words.subList(2, words.size()));
        var program = new CommitProgram(settings.open(bucket, Path.of(words.get(0))));
        System.out.println(OPENED);
        for (Lane lane : settings.lanes())
            Thread.ofPlatform().name(lane.name()).start(() -> program.fill(lane));
    }

    private static void endWithoutAudience() {
        try {
            while (0 <= System.in.read()) {}
        } catch (IOException gone) {
            // as good as an end
        }
        Runtime.getRuntime().halt(3);
    }

    private void fill(Lane lane) {
        for (int number = lane.last(db) + 1; ; number++) {
            while (!isCommitted(lane, number)) pause();
            if (lane.durability() == Durability.MEMORY && number % 8 == 0) pause();
        }
    }

    private boolean isCommitted(Lane lane, int number) {
        try {
            long seq = db.write(lane.batch(number), lane.durability());
            System.out.println(lane.ordinal() + " " + number + " " + seq + " " + DONE);
            return true;
        } catch (Unavailable refused) {
            int readable = lane.last(db);
            System.out.println(
                    "%s %s %d, readable up to %d: %s"
                            .formatted(REFUSED, lane, number, readable, refused.getMessage()));
            return false;
        }
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
    }
}

package dev.holdfast.engine.manifest;

import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Unavailable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A question to the store that is on its way while its asker asks another.
///
/// It is as if its asker had asked: what fails there fails where the answer is taken, an interrupt
/// of the one who waits is passed on, and nobody goes on before it is over. A store bounds every
/// call; should one not, nobody waits longer than [#PATIENCE].
final class Question<T> {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String what;
    private final Deadline deadline;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;
    // The next three are written before it is over, and read afterwards.
    private boolean isAnswered;
    private @Nullable T answer;
    private @Nullable StorageException failure;

    /// Asks in a thread of its own.
    Question(String what, Env env, Supplier<@Nullable T> question) {
        this.what = what;
        deadline = Deadline.after(env, PATIENCE);
        thread = env.start(what, () -> ask(question));
    }

    private void ask(Supplier<@Nullable T> question) {
        try {
            answer = question.get();
            isAnswered = true;
        } catch (StorageException failed) {
            failure = failed;
        } finally {
            over.countDown();
        }
    }

    /// The answer, once it has come.
    @Nullable T answer() {
        settle();
        boolean isOver = over.getCount() == 0;
        if (isOver && isAnswered) return answer;
        if (isOver && failure != null) throw failure;
        throw new Unavailable("not answered: " + what, null);
    }

    /// Waits until it is over, however it ends.
    void settle() {
        boolean wasInterrupted = false;
        while (true) {
            try {
                if (!over.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS))
                    thread.interrupt();
                break;
            } catch (InterruptedException _) {
                wasInterrupted = true;
                thread.interrupt();
            }
        }
        if (wasInterrupted) Thread.currentThread().interrupt();
    }
}

package dev.holdfast.redis.dispatch;

import dev.holdfast.base.Env;
import java.time.Duration;
import java.util.function.Supplier;

/// How long those whom a stop sends away have to end their side: each for so long since any of them
/// last did. So on a machine that is slow with all of them nobody is cut off, and whoever never
/// ends holds up nobody for longer. Thread-safe.
final class Farewells {
    private final Env env;
    private volatile long endedNanos;

    Farewells(Env env) {
        this.env = env;
        this.endedNanos = env.nanoTime();
    }

    /// The patience of one more, of `most`.
    Patience of(Duration most) {
        return new Patience(most);
    }

    /// What is left for one of them.
    final class Patience implements Supplier<Duration> {
        private final Duration most;
        private boolean isOver;

        private Patience(Duration most) {
            this.most = most;
        }

        @Override
        public Duration get() {
            Duration left = most.minusNanos(env.nanoTime() - endedNanos);
            isOver = left.isZero() || left.isNegative();
            return isOver ? Duration.ZERO : left;
        }

        /// Its conversation is over: if the client ended it, the others have longer.
        void close() {
            if (!isOver) endedNanos = env.nanoTime();
        }
    }
}

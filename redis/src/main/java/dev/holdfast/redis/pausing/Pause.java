package dev.holdfast.redis.pausing;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.redis.command.Access;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.Syntax;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The pause that CLIENT PAUSE asked for. Thread-safe.
///
/// Calls that come meanwhile wait in their connections, in their order, until it is over. What
/// could end the pause, or the server, never waits.
public final class Pause {
    private static final Standing NONE = new Standing(Extent.WRITE, 0);
    private static final long NANOS_MAX = Long.MAX_VALUE / 2;

    private final Env env;
    private volatile Standing standing = NONE;

    /// Which calls wait.
    enum Extent {
        /// Those that may change something.
        WRITE,
        /// All of them.
        ALL
    }

    private record Standing(Extent extent, long untilNanos) {}

    public Pause(Env env) {
        this.env = env;
    }

    /// How long it still lasts; zero if there is none.
    public Duration left() {
        return Duration.ofNanos(nanosLeft(standing));
    }

    /// True if `call` of `session` must wait.
    public boolean holds(Session session, Syntax syntax, List<Bytes> call) {
        Standing present = standing;
        if (present == NONE) return false;
        if (nanosLeft(present) == 0) {
            standing = NONE;
            return false;
        }
        if (isExempt(syntax, call)) return false;
        if (present.extent == Extent.ALL) return true;
        if (!syntax.name().equals("EXEC")) return mayWrite(syntax.calledBy(call));
        return session.transaction().queued().stream()
                .anyMatch(queued -> mayWrite(queued.syntax().calledBy(queued.words())));
    }

    /// Pauses for `millis`, or for longer if there is a pause already that lasts longer; it holds
    /// all calls if one of the two does.
    synchronized void begin(long millis, Extent extent) {
        Standing present = standing;
        long left = nanosLeft(present);
        long asked = Math.min(NANOS_MAX, TimeUnit.MILLISECONDS.toNanos(millis));
        boolean isAll = extent == Extent.ALL || 0 < left && present.extent == Extent.ALL;
        standing =
                new Standing(
                        isAll ? Extent.ALL : Extent.WRITE, env.nanoTime() + Math.max(left, asked));
    }

    void end() {
        standing = NONE;
    }

    private long nanosLeft(Standing seen) {
        return seen == NONE ? 0 : Math.max(0, seen.untilNanos - env.nanoTime());
    }

    private static boolean mayWrite(Syntax syntax) {
        return syntax.traits().access() == Access.WRITE
                || syntax.traits().flags().contains(Flag.MAY_REPLICATE);
    }

    private static boolean isExempt(Syntax syntax, List<Bytes> call) {
        return switch (syntax.name()) {
            case "SHUTDOWN" -> true;
            case "CLIENT" -> syntax.calledBy(call).name().equals("UNPAUSE");
            default -> false;
        };
    }
}

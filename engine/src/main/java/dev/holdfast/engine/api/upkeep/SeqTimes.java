package dev.holdfast.engine.api.upkeep;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// When which commit was written, as far as a database remembers: about one point a minute while it
/// is written, at most 8192, of which every second one goes when one more comes.
///
/// What is not in tables yet is not known; a time is that of the flush behind the commit.
/// Immutable.
///
/// ```java
/// SeqTimes times = Engine.seqTimes(store, "db");
/// SeqTimes.Point then = times.of(1_000, SeqTimes.Rounding.DOWN);
/// if (then != null) System.out.println("about " + then.time());
/// ```
public interface SeqTimes {
    /// What is meant between two points.
    enum Rounding {
        /// The point before.
        DOWN,
        /// The point behind.
        UP
    }

    /// One thing that is known: everything up to commit `seq` was written by `time`.
    record Point(long seq, Instant time) {}

    /// The commit at `time`, or at the point next to it; null if there is none on that side.
    @Nullable Point at(Instant time, Rounding rounding);

    /// The time of commit `seq`, or of the point next to it; null if there is none on that side.
    @Nullable Point of(long seq, Rounding rounding);

    /// All points, the oldest first.
    List<Point> points();
}

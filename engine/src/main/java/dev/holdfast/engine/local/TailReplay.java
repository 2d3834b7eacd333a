package dev.holdfast.engine.local;

import dev.holdfast.base.Bytes;
import java.util.List;

/// What a replay of a diverged tail did, or would do: counted in keys, of each of which the tail's
/// last row counts.
///
/// @param written keys that nobody had touched since, as new commits
/// @param overwritten keys that somebody had touched since, as new commits
/// @param there keys that hold what the tail says already
/// @param touched keys that somebody has touched since, and that were left alone
/// @param examples some of the keys that somebody had touched
public record TailReplay(
        long written, long overwritten, long there, long touched, List<Bytes> examples) {

    /// What to do about keys that somebody has touched since.
    public enum Touched {
        /// Leave them as they are.
        LEAVE,
        /// Write the tail's row over them.
        OVERWRITE
    }

    /// Whether anything is written.
    public enum Run {
        /// It is.
        REAL,
        /// It is only counted.
        DRY
    }
}

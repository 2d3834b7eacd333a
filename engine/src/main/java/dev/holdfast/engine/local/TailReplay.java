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
/// @param leftOut keys that [TailRules] leave out
/// @param examples some of the keys that somebody had touched
/// @param damage what is wrong with the tail, so that more of it may be missing; empty if nothing
public record TailReplay(
        long written,
        long overwritten,
        long there,
        long touched,
        long leftOut,
        List<Bytes> examples,
        String damage) {

    /// What to do about keys that somebody has touched since.
    public enum Touched {
        /// Leave them as they are.
        LEAVE,
        /// Write the tail's row over them.
        OVERWRITE
    }
}

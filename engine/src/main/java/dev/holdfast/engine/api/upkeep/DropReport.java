package dev.holdfast.engine.api.upkeep;

/// What is gone of a database that is being dropped.
///
/// ```java
/// DropReport report = Engine.clones(store).drop("trial", DropRules.defaults());
/// if (!report.isDone()) System.out.println("call it again");
/// ```
///
/// @param objects removed by this call
/// @param progress whether anything is left
public record DropReport(long objects, Progress progress) {
    /// Whether anything is left.
    public enum Progress {
        /// Nothing is.
        DONE,
        /// The time was up: the next call goes on. Until then nobody can open the database.
        UNFINISHED
    }

    /// True if nothing is left.
    public boolean isDone() {
        return progress == Progress.DONE;
    }
}

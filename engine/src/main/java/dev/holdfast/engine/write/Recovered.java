package dev.holdfast.engine.write;

/// Where the commits of the writers before end.
///
/// @param lastSeq the last commit, in a table or replayed
/// @param lastTickMillis the newest time of creation
/// @param commitsReplayed how many commits were read back from the log
/// @param rowsReplayed how many rows they had
public record Recovered(
        long lastSeq, long lastTickMillis, long commitsReplayed, long rowsReplayed) {}

package dev.holdfast.engine.compact;

/// A compaction was told to stop. What it has finished so far stays.
final class CompactionCut extends RuntimeException {
    private static final long serialVersionUID = 1;

    CompactionCut() {
        super("compaction cut by a stop", null, false, false);
    }
}

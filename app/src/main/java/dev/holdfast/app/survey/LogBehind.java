package dev.holdfast.app.survey;

/// What the log holds beyond the tables: what the next opening replays.
///
/// @param first the number of the first object, 0 if there is none
/// @param last the number of the last object, 0 if there is none
/// @param objects that hold rows
/// @param fences objects without rows, by which writers take over
/// @param isAll false if there were too many to list
public record LogBehind(
        long first, long last, long objects, long bytes, long fences, boolean isAll) {
    /// Nothing to replay.
    static final LogBehind NONE = new LogBehind(0, 0, 0, 0, 0, true);

    LogBehind plus(long id, long size) {
        boolean isFence = size <= Surveyor.FENCE_BYTES_MAX;
        return new LogBehind(
                first == 0 ? id : first,
                id,
                objects + (isFence ? 0 : 1),
                bytes + (isFence ? 0 : size),
                fences + (isFence ? 1 : 0),
                isAll);
    }

    LogBehind cut() {
        return new LogBehind(first, last, objects, bytes, fences, false);
    }
}

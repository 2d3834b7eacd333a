package dev.holdfast.app.survey;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the shape of the tree costs, estimated from the sizes of its levels alone.
///
/// @param readTables tables that a lookup may have to look at; filters spare it all but one or two
/// @param space bytes of all tables for each byte of the oldest run, which holds each key about
///   once; null while there is no run
/// @param write bytes that were written for each byte that is there: once to the log, once to L0,
///   once more for each run down to its own; null while there is no table
public record Amplification(int readTables, @Nullable Double space, @Nullable Double write) {
    static Amplification of(List<Level> levels) {
        int sources = 0;
        int depth = 1;
        double bytes = 0;
        double written = 0;
        double oldest = 0;
        @Nullable Object segment = null;
        int most = 0;
        for (Level level : levels) {
            if (!Objects.equals(segment, level.segment())) {
                segment = level.segment();
                sources = 0;
                depth = 1;
            }
            sources += level.isL0() ? level.tables() : 1;
            most = Math.max(most, sources);
            if (!level.isL0()) depth++;
            bytes += level.bytes();
            written += (1.0 + depth) * level.bytes();
            if (isOldestOfItsKeys(levels, level)) oldest += level.bytes();
        }
        return new Amplification(
                most, oldest == 0 ? null : bytes / oldest, bytes == 0 ? null : written / bytes);
    }

    private static boolean isOldestOfItsKeys(List<Level> levels, Level level) {
        int next = levels.indexOf(level) + 1;
        boolean isLast =
                next == levels.size()
                        || !Objects.equals(levels.get(next).segment(), level.segment());
        return isLast && !level.isL0();
    }
}

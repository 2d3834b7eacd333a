package dev.holdfast.app.survey;

import dev.holdfast.app.inspect.StoredObjects.Numbered;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.format.compactions.Compaction;
import dev.holdfast.format.manifest.Manifest;
import dev.holdfast.format.manifest.Profile;
import dev.holdfast.objectstore.api.StoreTraffic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was seen of a database at one moment.
///
/// @param nowMillis the moment, by this machine's clock
/// @param levels newest first, segment by segment
/// @param compactions that are not over
/// @param stored null unless all objects were listed
/// @param traffic what it took to look
public record Survey(
        DatabaseLocation location,
        long nowMillis,
        Occupancy occupancy,
        Head head,
        List<Level> levels,
        LogBehind log,
        List<Pin> pins,
        List<Compaction> compactions,
        @Nullable StoredBytes stored,
        StoreTraffic traffic) {

    public Survey {
        levels = List.copyOf(levels);
        pins = List.copyOf(pins);
        compactions = List.copyOf(compactions);
    }

    /// The newest manifest.
    ///
    /// @param version of its form
    /// @param profile the oldest that allows what was seen
    public record Head(Numbered object, Manifest manifest, int version, Profile profile) {}

    /// About how large all tables are that the newest manifest names.
    public long tableBytes() {
        return levels.stream().mapToLong(Level::bytes).sum();
    }

    /// How many tables the newest manifest names.
    public int tables() {
        return levels.stream().mapToInt(Level::tables).sum();
    }

    /// The rows of all tables.
    public RowCounts rows() {
        return levels.stream().map(Level::rows).reduce(RowCounts.NONE, RowCounts::plus);
    }

    /// What the shape of the tree costs.
    public Amplification amplification() {
        return Amplification.of(levels);
    }
}

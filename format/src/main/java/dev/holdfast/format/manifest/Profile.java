package dev.holdfast.format.manifest;

import dev.holdfast.format.sst.FilterForm;
import java.util.Set;

/// What a database may contain, named after the SlateDB that can open it. It is stored nowhere, and
/// inferred from what was seen.
public enum Profile {
    /// Opened by SlateDB 0.12 and later.
    SLATEDB_0_12,
    /// Opened by SlateDB 0.13.1 and later only.
    SLATEDB_0_15;

    /// Signs of the newer profile.
    public enum Feature {
        MANIFEST_V2,
        COMPOSITE_FILTER,
        COMPACTIONS_V2,
        NO_BYTES_FENCE
    }

    /// The oldest profile that allows all of `seen`.
    public static Profile of(Set<Feature> seen) {
        return seen.isEmpty() ? SLATEDB_0_12 : SLATEDB_0_15;
    }

    /// The form of filters in it.
    public FilterForm filterForm() {
        return this == SLATEDB_0_12 ? FilterForm.LEGACY : FilterForm.COMPOSITE;
    }

    /// True if a writer of this profile leaves intact what a database of `stored` holds.
    public boolean canWrite(Profile stored) {
        return stored.compareTo(this) <= 0;
    }
}

package dev.holdfast.engine.api.upkeep;

/// For which engines a database is written. It is chosen when a database is made, and changed by an
/// upgrade alone; there is no way back.
///
/// ```java
/// HoldfastDb opened = builder.profile(FormatProfile.SLATEDB_0_15).open();
/// ```
public enum FormatProfile {
    /// As the database is found. A new one is [#SLATEDB_0_12].
    AS_FOUND,
    /// Opened by SlateDB 0.12 and every later one.
    SLATEDB_0_12,
    /// Opened by SlateDB 0.13.1 and later only.
    SLATEDB_0_15
}

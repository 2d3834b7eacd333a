package dev.holdfast.simulation.store;

/// Where a wrong body was made wrong.
public enum Corruption {
    /// On the way: reading the object once more gives the right bytes.
    ON_THE_WAY,
    /// In the store: every later read gives the same wrong bytes.
    AT_REST
}

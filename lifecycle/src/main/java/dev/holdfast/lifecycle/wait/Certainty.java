package dev.holdfast.lifecycle.wait;

/// What an error says about the work that met it.
public enum Certainty {
    /// The work did not happen and will not.
    NOT_APPLIED,
    /// It may have happened, or may yet.
    INDETERMINATE,
    /// It happened; only the answer failed.
    APPLIED
}

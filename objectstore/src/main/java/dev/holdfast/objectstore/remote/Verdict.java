package dev.holdfast.objectstore.remote;

/// What a failed request says of the object that it was about.
public enum Verdict {
    /// There is no such object.
    ABSENT,
    /// The condition did not hold: the name is taken.
    TAKEN,
    /// The range lies beyond the end.
    BEYOND_END,
    /// The upload, or a part of it, is not known, or no longer.
    NO_UPLOAD,
    /// It was not done and will not be; a repeat may do it.
    NOT_DONE,
    /// It was not done and will not be until a person acts.
    REFUSED,
    /// It may have been done, or may yet.
    UNKNOWN
}

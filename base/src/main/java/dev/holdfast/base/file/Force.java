package dev.holdfast.base.file;

/// How much of a file is made durable.
public enum Force {
    /// The bytes, and of the rest what is needed to read them back: the size.
    CONTENT,
    /// Attributes and times too.
    METADATA
}

package dev.holdfast.objectstore.remote;

/// What a request is charged as.
public enum RequestKind {
    READ,
    LOOK,
    LIST,
    WRITE,
    DELETE
}

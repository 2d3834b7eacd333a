package dev.holdfast.objectstore.api;

/// Names of the attributes that are kept beside an object's bytes, as SlateDB names them.
public final class ObjectAttributes {
    /// The id of the put that created the object: a ULID as text.
    public static final String PUT_ID = "slatedbputid";

    private ObjectAttributes() {}
}

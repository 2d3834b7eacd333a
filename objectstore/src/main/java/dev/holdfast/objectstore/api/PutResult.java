package dev.holdfast.objectstore.api;

import dev.holdfast.lifecycle.durable.Durable;

/// How a put ended. Each outcome wants its own reaction, so each is its own type.
public sealed interface PutResult {
    /// This very call created the object, and the store has confirmed it.
    @SuppressWarnings("exports") // only objectstore and engine may name a durable position
    record Stored(Durable<String> name) implements PutResult {}

    /// The name was taken, by another or by an earlier attempt of our own: the put id decides.
    record AlreadyExists() implements PutResult {}

    /// The reply was lost or meant nothing: the object may be there now, may appear later, or
    /// never. Never treated as failed. It may appear even after the object was deleted or put
    /// again: a name whose put ended so, even if a repeat then succeeded, is not one to delete and
    /// reuse.
    record Unknown(RuntimeException cause) implements PutResult {}
}

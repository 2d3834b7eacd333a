package dev.holdfast.engine.ship;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.lifecycle.wait.Token;
import java.util.List;

/// Something to be done at the object store: what it is, and what must be there before.
///
/// @param name of the object, for people
/// @param bytes that are sent
/// @param after each of these must be done first; one that fails makes this fail too
/// @param attempt makes one attempt, with whatever was reached before
public record Shipment(Kind kind, String name, long bytes, List<Upload> after, Attempt attempt) {
    /// What is shipped, most urgent first.
    public enum Kind {
        /// An object of the log: one at a time, in the order of submission.
        WAL,
        /// A table, beside others.
        TABLE,
        /// A manifest: one at a time, in the order of submission, with a slot of its own.
        MANIFEST,
        /// The removal of an object.
        DELETE
    }

    /// Makes one attempt, and may be made again however it ended, until it returns: it must be
    /// idempotent. It returns once the store has confirmed.
    ///
    /// `Unavailable`, of the store or of the engine, means again after a pause; `Refused` and
    /// `Invalid` of the store, also as the cause of the engine's `Unavailable`, mean that a person
    /// must act; anything else ends the upload.
    @FunctionalInterface
    public interface Attempt {
        void make(Token token) throws InterruptedException;
    }

    public Shipment {
        require(0 <= bytes, "bytes=%d", bytes);
        after = List.copyOf(after);
    }

    /// One that needs nothing before it.
    public static Shipment of(Kind kind, String name, long bytes, Attempt attempt) {
        return new Shipment(kind, name, bytes, List.of(), attempt);
    }

    /// The same, after `uploads`.
    public Shipment after(List<Upload> uploads) {
        return new Shipment(kind, name, bytes, uploads, attempt);
    }
}

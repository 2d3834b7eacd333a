package dev.holdfast.app.load;

import dev.holdfast.base.Bytes;

/// What became of one line of input.
public sealed interface Parsed {
    /// A row to load.
    record Row(Bytes key, Bytes value) implements Parsed {}

    /// A line that is none, and why.
    record Rejected(String reason) implements Parsed {}
}

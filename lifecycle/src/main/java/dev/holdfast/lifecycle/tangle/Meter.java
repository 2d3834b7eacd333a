package dev.holdfast.lifecycle.tangle;

import java.util.function.LongSupplier;

/// Work whose progress can be read: how much was done, and how much is left.
///
/// @param done only grows
/// @param left of which some must be done soon, unless it is zero
public record Meter(String what, LongSupplier done, LongSupplier left) {}

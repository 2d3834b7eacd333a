package dev.holdfast.objectstore.cached;

/// One part of one object.
///
/// @param number from zero
record PartKey(ObjectKey object, int number) {}

package dev.holdfast.objectstore.api;

import dev.holdfast.base.Ulid;
import org.jspecify.annotations.Nullable;

/// What a store knows of an object without reading it.
///
/// `lastModifiedMillis` is the store's clock, in milliseconds since the Unix epoch. `putId` is null
/// where the store keeps no attributes, where the object was written without one, and in listings.
public record ObjectMeta(String name, long size, long lastModifiedMillis, @Nullable Ulid putId) {}

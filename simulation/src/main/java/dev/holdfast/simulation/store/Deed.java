package dev.holdfast.simulation.store;

import org.jspecify.annotations.Nullable;

/// What a request asks to be done with the objects of a store.
@FunctionalInterface
interface Deed<T> {
    /// Does it to the object, or to the prefix, `name`.
    @Nullable T done(Chest chest, String name);
}

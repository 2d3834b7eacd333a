package dev.holdfast.engine;

import dev.holdfast.engine.api.StorageException;
import dev.holdfast.objectstore.api.ObjectStoreException;

/// The store's failures in the words of the engine.
final class StoreErrors {
    private StoreErrors() {}

    static StorageException translated(ObjectStoreException failure) {
        return switch (failure) {
            case ObjectStoreException.Unavailable _, ObjectStoreException.Refused _ ->
                    new StorageException.Unavailable(failure.getMessage(), failure);
            case ObjectStoreException.Invalid _ ->
                    new StorageException.Invalid(failure.getMessage(), failure);
        };
    }
}

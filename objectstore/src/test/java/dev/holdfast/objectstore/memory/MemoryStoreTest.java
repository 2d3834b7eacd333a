package dev.holdfast.objectstore.memory;

import dev.holdfast.objectstore.ObjectStoreContract;
import dev.holdfast.objectstore.api.ObjectStore;

class MemoryStoreTest extends ObjectStoreContract {
    @Override
    protected ObjectStore open() {
        return new MemoryStore();
    }
}

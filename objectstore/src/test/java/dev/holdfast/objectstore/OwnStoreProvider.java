package dev.holdfast.objectstore;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.StoreProvider;
import dev.holdfast.objectstore.memory.MemoryStore;
import java.util.Set;

/// Opens `own:` URLs, as a program may that brings a store of its own along.
public final class OwnStoreProvider implements StoreProvider {
    @Override
    public Set<String> schemes() {
        return Set.of("own");
    }

    @Override
    public String form() {
        return "own:";
    }

    @Override
    public ObjectStore open(String url, Env env) {
        return new MemoryStore(env);
    }
}

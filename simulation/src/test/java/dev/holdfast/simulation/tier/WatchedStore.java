package dev.holdfast.simulation.tier;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Ulid;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.PutResult;
import dev.holdfast.objectstore.fault.ForwardingStore;
import java.util.List;

/// A store beside which somebody looks after every change.
final class WatchedStore extends ForwardingStore {
    private final Runnable changed;

    WatchedStore(ObjectStore inner, Runnable changed) {
        super(inner);
        this.changed = changed;
    }

    @Override
    public PutResult put(String name, List<Bytes> parts) {
        try {
            return inner.put(name, parts);
        } finally {
            changed.run();
        }
    }

    @Override
    public PutResult putIfAbsent(String name, List<Bytes> parts, Ulid putId) {
        try {
            return inner.putIfAbsent(name, parts, putId);
        } finally {
            changed.run();
        }
    }

    @Override
    public void delete(String name) {
        try {
            inner.delete(name);
        } finally {
            changed.run();
        }
    }
}

package dev.holdfast.engine;

import dev.holdfast.base.Bytes;
import dev.holdfast.objectstore.api.ObjectStore;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/// A store whose first answer to the get of one whole object holds other bytes.
public final class SpoiledOnce {
    private SpoiledOnce() {}

    /// `store`, so spoiled.
    public static ObjectStore around(ObjectStore store, String name, Bytes instead) {
        var isSpoiled = new AtomicBoolean();
        return (ObjectStore)
                Proxy.newProxyInstance(
                        ObjectStore.class.getClassLoader(),
                        new Class<?>[] {ObjectStore.class},
                        (_, method, arguments) -> {
                            boolean isIt =
                                    method.getName().equals("get") && name.equals(arguments[0]);
                            return isIt && isSpoiled.compareAndSet(false, true)
                                    ? instead
                                    : method.invoke(store, arguments);
                        });
    }
}

package dev.holdfast.azure;

import com.azure.core.util.Configuration;
import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.StoreProvider;
import dev.holdfast.objectstore.remote.CreateProbe;
import dev.holdfast.objectstore.retry.RetryingStore;
import java.util.Set;

/// Opens `az:` URLs, with the credentials that the environment gives: never with any from the URL.
/// Thread-safe.
public final class AzureStoreProvider implements StoreProvider {
    private final CreateProbe.Proven proven = new CreateProbe.Proven();

    /// One for a process: it remembers which containers were proven.
    public AzureStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return AzureLocation.SCHEMES;
    }

    @Override
    public String form() {
        return AzureLocation.FORM;
    }

    @Override
    public ObjectStore open(String url, Env env) {
        Configuration environment = Configuration.getGlobalConfiguration();
        return open(AzureLocation.of(url), AzureCredentials.of(environment::get), env);
    }

    /// The same with credentials at hand.
    ObjectStore open(AzureLocation location, AzureCredentials credentials, Env env) {
        Wire wire = Wire.to(location, credentials, env);
        var store = new AzureStore(location, wire, proven, env);
        return new RetryingStore(store, location.limits().policy(), env);
    }
}

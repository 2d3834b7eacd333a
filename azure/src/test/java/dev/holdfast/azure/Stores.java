package dev.holdfast.azure;

import dev.holdfast.azure.emulator.Azurite;
import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStore;

/// Stores for tests, with credentials that no environment has to give.
final class Stores {
    static final AzureCredentials CREDENTIALS = AzureCredentials.of(Azurite.CREDENTIALS::get);

    private static final AzureStoreProvider PROVIDER = new AzureStoreProvider();

    private Stores() {}

    static ObjectStore open(String url) {
        return open(AzureLocation.of(url));
    }

    static ObjectStore open(AzureLocation location) {
        return PROVIDER.open(location, CREDENTIALS, Env.system());
    }
}

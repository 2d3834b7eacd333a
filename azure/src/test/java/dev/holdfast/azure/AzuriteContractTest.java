package dev.holdfast.azure;

import dev.holdfast.azure.emulator.Azurite;
import dev.holdfast.objectstore.ObjectStoreContract;
import dev.holdfast.objectstore.api.ObjectStore;
import org.junit.jupiter.api.BeforeAll;

/// The contract over HTTP, on Azurite.
class AzuriteContractTest extends ObjectStoreContract {
    private static Azurite azurite;

    @BeforeAll
    static void start() throws Exception {
        azurite = Azurite.shared();
    }

    @Override
    protected ObjectStore open() {
        return Stores.open(azurite.freshUrl("some/prefix"));
    }
}

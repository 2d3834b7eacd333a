package dev.holdfast.s3;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.ObjectStoreContract;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.s3.twin.S3Twin;
import org.junit.jupiter.api.AfterEach;

/// The contract over HTTP, on the double.
class S3TwinContractTest extends ObjectStoreContract {
    private final S3Twin twin = S3Twin.start();

    @Override
    protected ObjectStore open() {
        return Stores.open(twin.url("bucket/some/prefix"), Env.system());
    }

    @AfterEach
    void stop() {
        twin.close();
    }
}

package dev.holdfast.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.ObjectStoreContract;
import dev.holdfast.objectstore.api.ObjectStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract over HTTP, on a server that others have written and that verifies signatures.
class S3ProxyContractTest extends ObjectStoreContract {
    @TempDir Path folder;
    private S3Proxy proxy;

    @BeforeEach
    void start() throws Exception {
        var blobs = new FilesystemNio2BlobStore(folder.toString());
        blobs.createContainer("bucket");
        proxy =
                S3Proxy.builder()
                        .blobStore(blobs)
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V4, "test", "testsecret")
                        .build();
        proxy.start();
    }

    @AfterEach
    void stop() throws Exception {
        proxy.stop();
    }

    /// Its objects are files: it cannot be asked for a name below an object's.
    @Override
    @Test
    protected void shouldAnswerNullWhenThereIsNoSuchObject() {
        try (ObjectStore store = open()) {
            // given
            store.put("wal/1.sst", List.of(utf8("x")));
            // then
            for (String name : List.of("absent", "wal", "wal/1")) {
                assertNull(store.get(name), name);
                assertNull(store.get(name, 0, 1), name);
                assertNull(store.get(name, 0, 0), name);
                assertNull(store.head(name), name);
                store.delete(name);
            }
            assertEquals(utf8("x"), store.get("wal/1.sst"));
        }
    }

    @Override
    protected ObjectStore open() {
        String url = "s3://bucket/db?endpoint=http://127.0.0.1:" + proxy.getPort();
        return Stores.open(url, Env.system());
    }
}

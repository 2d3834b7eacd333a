package dev.holdfast.s3;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.StoreProvider;
import dev.holdfast.objectstore.remote.CreateProbe;
import dev.holdfast.objectstore.retry.RetryingStore;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/// Opens `s3:` URLs, with the credentials that the environment, a profile or the machine's role
/// give: never with any from the URL. Thread-safe.
public final class S3StoreProvider implements StoreProvider {
    private final CreateProbe.Proven proven = new CreateProbe.Proven();

    /// One for a process: it remembers which buckets were proven.
    public S3StoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("s3");
    }

    @Override
    public String form() {
        return S3Location.FORM;
    }

    @Override
    public ObjectStore open(String url, Env env) {
        return open(S3Location.of(url), DefaultCredentialsProvider.builder().build(), env);
    }

    /// The same with credentials at hand.
    ObjectStore open(S3Location location, AwsCredentialsProvider credentials, Env env) {
        Wire wire = Wire.to(location, credentials, env);
        var store = new S3Store(location, wire, proven, env);
        return new RetryingStore(store, location.limits().policy(), env);
    }
}

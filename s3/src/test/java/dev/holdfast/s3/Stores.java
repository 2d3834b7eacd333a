package dev.holdfast.s3;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/// Stores for tests, with credentials that no environment has to give.
final class Stores {
    static final AwsCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "testsecret"));

    private Stores() {}

    static ObjectStore open(String url, Env env) {
        return open(S3Location.of(url), env);
    }

    static ObjectStore open(S3Location location, Env env) {
        return new S3StoreProvider().open(location, CREDENTIALS, env);
    }
}

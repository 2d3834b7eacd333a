/// Buckets that speak S3, as object stores.
@SuppressWarnings("module") // the digit belongs to the name
module dev.holdfast.s3 {
    requires transitive dev.holdfast.objectstore;
    requires software.amazon.awssdk.auth;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.http.apache5;
    requires software.amazon.awssdk.regions;
    requires software.amazon.awssdk.retries.api;
    requires software.amazon.awssdk.services.s3;
    requires software.amazon.awssdk.utils;

    provides dev.holdfast.objectstore.api.StoreProvider with
            dev.holdfast.s3.S3StoreProvider;
}

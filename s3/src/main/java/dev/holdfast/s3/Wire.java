package dev.holdfast.s3;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.remote.Answer;
import dev.holdfast.objectstore.remote.PartsBody;
import dev.holdfast.objectstore.remote.RequestKind;
import dev.holdfast.objectstore.remote.RequestLimits;
import dev.holdfast.objectstore.remote.Requests;
import dev.holdfast.s3.S3Location.Addressing;
import java.util.function.BiFunction;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;

/// Sends requests to a bucket's server: each once, within its time, as many at a time as the server
/// bears, and counted.
final class Wire implements AutoCloseable {
    private final S3Client client;
    private final RequestLimits limits;
    private final Requests requests;

    private Wire(S3Client client, RequestLimits limits, Env env) {
        this.client = client;
        this.limits = limits;
        requests = new Requests(limits, env);
    }

    /// Connects to where `location` is, when the first request is sent.
    static Wire to(S3Location location, AwsCredentialsProvider credentials, Env env) {
        RequestLimits limits = location.limits();
        var http =
                Apache5HttpClient.builder()
                        .maxConnections(limits.requestsMax())
                        .connectionTimeout(limits.connect())
                        .connectionAcquisitionTimeout(limits.attempt())
                        .socketTimeout(limits.idle())
                        .tcpKeepAlive(true);
        var builder =
                S3Client.builder()
                        .httpClientBuilder(http)
                        .credentialsProvider(credentials)
                        .forcePathStyle(location.addressing() == Addressing.PATH)
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                        .serviceConfiguration(
                                S3Configuration.builder().chunkedEncodingEnabled(false).build())
                        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()));
        if (location.endpoint() != null) builder.endpointOverride(location.endpoint());
        if (location.region() != null) builder.region(Region.of(location.region()));
        // A server that is not Amazon's rarely cares, but the SDK must have one to sign.
        else if (location.endpoint() != null) builder.region(Region.US_EAST_1);
        try {
            return new Wire(builder.build(), limits, env);
        } catch (SdkClientException unclear) {
            throw new dev.holdfast.objectstore.api.ObjectStoreException.Invalid(
                    "s3 cannot be reached: " + unclear.getMessage(), unclear);
        }
    }

    /// Sends one request whose body, in either direction, is about `bytes` long.
    <T> Answer<T> send(
            RequestKind kind,
            long bytes,
            BiFunction<S3Client, AwsRequestOverrideConfiguration, T> request) {
        return requests.send(kind, () -> sendOnce(bytes, request));
    }

    private <T> Answer<T> sendOnce(
            long bytes, BiFunction<S3Client, AwsRequestOverrideConfiguration, T> request) {
        try {
            return new Answer.Given<>(request.apply(client, within(bytes)));
        } catch (AbortedException interrupted) {
            Thread.currentThread().interrupt();
            return new Answer.Failed<>(S3Errors.read(interrupted));
        } catch (SdkException exception) {
            return new Answer.Failed<>(S3Errors.read(exception));
        }
    }

    private AwsRequestOverrideConfiguration within(long bytes) {
        return AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(limits.attemptOf(bytes))
                .build();
    }

    /// `body` as the SDK takes it.
    static RequestBody bodyOf(PartsBody body) {
        return RequestBody.fromContentProvider(
                body::stream, body.length(), "application/octet-stream");
    }

    RequestLimits limits() {
        return limits;
    }

    /// What was sent so far, and where bodies are counted.
    Requests requests() {
        return requests;
    }

    @Override
    public void close() {
        client.close();
    }
}

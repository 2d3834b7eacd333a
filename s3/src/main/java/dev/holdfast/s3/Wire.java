package dev.holdfast.s3;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStoreException.Unavailable;
import dev.holdfast.objectstore.api.StoreTraffic;
import dev.holdfast.s3.S3Location.Addressing;
import dev.holdfast.s3.Tally.Kind;
import java.util.function.BiFunction;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;

/// Sends requests to a bucket's server: each once, within its time, as many at a time as the server
/// bears, and counted.
final class Wire implements AutoCloseable {
    private final S3Client client;
    private final S3Limits limits;
    private final Pacer pacer;
    private final Tally tally = new Tally();

    private Wire(S3Client client, S3Limits limits, Env env) {
        this.client = client;
        this.limits = limits;
        pacer = new Pacer(limits.requestsMax(), env);
    }

    /// Connects to where `location` is, when the first request is sent.
    static Wire to(S3Location location, AwsCredentialsProvider credentials, Env env) {
        S3Limits limits = location.limits();
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
            Kind kind,
            long bytes,
            BiFunction<S3Client, AwsRequestOverrideConfiguration, T> request) {
        pacer.begin(limits.attempt());
        tally.requested(kind);
        try {
            T value = request.apply(client, within(bytes));
            pacer.succeeded();
            return new Answer.Given<>(value);
        } catch (AbortedException interrupted) {
            Thread.currentThread().interrupt();
            return failed(interrupted);
        } catch (SdkException exception) {
            return failed(exception);
        } finally {
            pacer.end();
        }
    }

    private <T> Answer<T> failed(SdkException exception) {
        Failure failure = Failure.of(exception);
        tally.failed(failure);
        if (failure.pace() == Failure.Pace.SLOWER) pacer.slowedDown();
        return new Answer.Failed<>(failure);
    }

    private AwsRequestOverrideConfiguration within(long bytes) {
        return AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(limits.attemptOf(bytes))
                .build();
    }

    /// For an answer that is no answer: what arrives in its place counts as lost.
    static Unavailable senseless(String what, String name) {
        return new Unavailable(what + ". name=`" + name + "`", null);
    }

    S3Limits limits() {
        return limits;
    }

    Tally tally() {
        return tally;
    }

    StoreTraffic traffic() {
        return tally.traffic();
    }

    @Override
    public void close() {
        client.close();
    }
}

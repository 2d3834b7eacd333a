package dev.holdfast.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.BlobServiceAsyncClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.BlobServiceVersion;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStoreException.Invalid;
import dev.holdfast.objectstore.remote.Answer;
import dev.holdfast.objectstore.remote.Answer.Failed;
import dev.holdfast.objectstore.remote.Answer.Given;
import dev.holdfast.objectstore.remote.Failure;
import dev.holdfast.objectstore.remote.RequestKind;
import dev.holdfast.objectstore.remote.RequestLimits;
import dev.holdfast.objectstore.remote.Requests;
import dev.holdfast.objectstore.remote.Verdict;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/// Sends requests to a container's server: each once, within its time, as many at a time as the
/// server bears, and counted.
///
/// The SDK's replies are futures; a call waits for its own, on its own thread, and gives it up at
/// its deadline. Nothing is to be closed: connections that idle end by themselves.
final class Wire {
    // The oldest that can list from a name on: older servers and emulators understand no more.
    private static final BlobServiceVersion VERSION = BlobServiceVersion.V2026_02_06;

    /// How long the SDK's transport waits for an answer to begin, as it is told for one request.
    private static final String RESPONSE_TIMEOUT = "azure-response-timeout";

    private final BlobContainerAsyncClient container;
    private final RequestLimits limits;
    private final Requests requests;

    private Wire(BlobContainerAsyncClient container, RequestLimits limits, Env env) {
        this.container = container;
        this.limits = limits;
        requests = new Requests(limits, env);
    }

    /// Connects to where `location` is, when the first request is sent.
    static Wire to(AzureLocation location, AzureCredentials credentials, Env env) {
        RequestLimits limits = location.limits();
        var http =
                new JdkHttpClientBuilder(
                                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1))
                        .executor(task -> env.start("azure-http", task))
                        .connectionTimeout(limits.connect())
                        .writeTimeout(limits.idle())
                        .readTimeout(limits.idle())
                        .build();
        var builder =
                new BlobServiceClientBuilder()
                        .httpClient(http)
                        .serviceVersion(VERSION)
                        .retryOptions(sentOnce())
                        .addPolicy((context, next) -> {
                            bound(context, limits);
                            return next.process();
                        });
        try {
            builder.endpoint("https://" + location.account() + ".blob.core.windows.net");
            credentials.addTo(builder, location.account());
            if (location.endpoint() != null) builder.endpoint(endpointOf(location));
            BlobServiceAsyncClient service = builder.buildAsyncClient();
            requireAccount(location, service);
            return new Wire(service.getBlobContainerAsyncClient(location.container()), limits, env);
        } catch (IllegalArgumentException malformed) {
            // Its text could repeat a secret.
            throw new Invalid(
                    "the credentials for azure are malformed. store=`" + location.url() + "`",
                    null);
        }
    }

    private static RequestRetryOptions sentOnce() {
        return new RequestRetryOptions(RetryPolicyType.FIXED, 1, (Duration) null, null, null, null);
    }

    private static void bound(HttpPipelineCallContext context, RequestLimits limits) {
        String length =
                context.getHttpRequest().getHeaders().getValue(HttpHeaderName.CONTENT_LENGTH);
        Duration longest = limits.attemptOf(length == null ? 0 : Long.parseLong(length));
        context.setData(RESPONSE_TIMEOUT, longest);
    }

    // The account stands in the host's name, or else in the path.
    private static String endpointOf(AzureLocation location) {
        URI endpoint = location.endpoint();
        String text = String.valueOf(endpoint).replaceAll("/+$", "");
        boolean isNamed =
                endpoint != null
                        && (endpoint.getHost().startsWith(location.account() + ".")
                                || !endpoint.getPath().replace("/", "").isEmpty());
        return isNamed ? text : text + "/" + location.account();
    }

    private static void requireAccount(AzureLocation location, BlobServiceAsyncClient service) {
        if (location.account().equals(service.getAccountName())) return;
        throw new Invalid(
                "the endpoint or the credentials are not this account's. store=`"
                        + location.url()
                        + "`",
                null);
    }

    /// Sends one request whose body, in either direction, is about `bytes` long.
    <T> Answer<T> send(
            RequestKind kind, long bytes, Function<BlobContainerAsyncClient, Mono<T>> request) {
        return requests.send(kind, () -> await(request.apply(container), limits.attemptOf(bytes)));
    }

    /// Sends one request, and then takes in what its answer brings.
    <H, T> Answer<T> send(
            RequestKind kind,
            Function<BlobContainerAsyncClient, Mono<H>> request,
            Function<H, Arrival<T>> body) {
        return requests.send(
                kind,
                () ->
                        switch (await(request.apply(container), limits.attempt())) {
                            case Failed<H>(Failure failure) -> new Failed<>(failure);
                            case Given<H>(H head) -> {
                                Arrival<T> arrival = body.apply(head);
                                yield await(arrival.whole(), limits.attemptOf(arrival.bytes()));
                            }
                        });
    }

    /// A body of `bytes` on its way.
    record Arrival<T>(Mono<T> whole, long bytes) {}

    private static <T> Answer<T> await(Mono<T> mono, Duration patience) {
        CompletableFuture<T> reply = mono.toFuture();
        try {
            T value = reply.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return value == null
                    ? new Failed<>(Failure.of(Verdict.UNKNOWN, "", new IOException("no answer")))
                    : new Given<>(value);
        } catch (ExecutionException failed) {
            return new Failed<>(AzureErrors.read(failed.getCause()));
        } catch (TimeoutException late) {
            reply.cancel(true);
            return new Failed<>(Failure.of(Verdict.UNKNOWN, "no answer in time: ", late));
        } catch (InterruptedException interrupted) {
            reply.cancel(true);
            Thread.currentThread().interrupt();
            return new Failed<>(Failure.of(Verdict.UNKNOWN, "interrupted: ", interrupted));
        }
    }

    RequestLimits limits() {
        return limits;
    }

    /// What was sent so far, and where bodies are counted.
    Requests requests() {
        return requests;
    }
}

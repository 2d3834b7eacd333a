package dev.holdfast.s3;

import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.api.ObjectStoreException.Invalid;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a store is: a bucket, what the names of its objects begin with, and how to reach it.
///
/// @param prefix without slashes around it; empty for the whole bucket
/// @param endpoint null for Amazon's own
/// @param region null for what the environment says
record S3Location(
        String bucket,
        String prefix,
        @Nullable URI endpoint,
        @Nullable String region,
        Addressing addressing,
        S3Limits limits) {
    static final String FORM =
            "s3://bucket/prefix?endpoint=http://host:port&region=name&path-style=true"
                    + "&attempt-timeout=10s&total-timeout=30s";

    /// Where the bucket's name stands in a request.
    enum Addressing {
        /// In the path: what most servers but Amazon's understand.
        PATH,
        /// In the host's name.
        HOST
    }

    /// Reads a URL. What could be a secret in it is never repeated.
    static S3Location of(String url) {
        URI uri = uri(url);
        String bucket = uri.getRawAuthority();
        if (!"s3".equalsIgnoreCase(uri.getScheme()) || bucket == null)
            throw invalid("s3 url without a bucket");
        if (bucket.indexOf('@') >= 0) throw invalid("s3 url with credentials in it: " + WHERE);
        if (!bucket.matches("[a-z0-9][a-z0-9._-]{1,62}")) throw invalid("not a bucket's name");
        if (uri.getRawFragment() != null) throw invalid("s3 url with a fragment");
        String prefix = uri.getRawPath().replaceAll("^/+|/+$", "");
        if (!prefix.isEmpty() && !ObjectNames.isValid(prefix)) throw invalid("not a prefix");
        var parameters = new Parameters(uri.getRawQuery());
        URI endpoint = parameters.endpoint();
        Addressing addressing = parameters.addressing(endpoint);
        S3Limits limits = parameters.limits();
        String region = parameters.take("region");
        if (region != null && !region.matches("[a-z0-9-]{1,40}")) throw invalid("not a region");
        parameters.requireNoneLeft();
        return new S3Location(bucket, prefix, endpoint, region, addressing, limits);
    }

    private static final String WHERE =
            "they come from the environment, a profile or the machine's role";

    /// How a person would name it: without what is about reaching it.
    String url() {
        return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }

    /// The key of the object `name`, or of the names that begin so.
    String key(String name) {
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    /// The name of the object under `key`; null if no object of this store can have that key.
    @Nullable String name(String key) {
        String start = prefix.isEmpty() ? "" : prefix + "/";
        if (!key.startsWith(start)) return null;
        String name = key.substring(start.length());
        return ObjectNames.isValid(name) ? name : null;
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException malformed) {
            throw invalid("malformed s3 url");
        }
    }

    private static Invalid invalid(String what) {
        return new Invalid(what + ". form=`" + FORM + "`", null);
    }

    /// What follows the question mark; each may be given once.
    private static final class Parameters {
        private final Map<String, String> left = new LinkedHashMap<>();

        Parameters(@Nullable String query) {
            if (query == null || query.isEmpty()) return;
            for (String pair : query.split("&")) {
                int equals = pair.indexOf('=');
                if (equals < 0) throw invalid("s3 url parameter without a value");
                String name = pair.substring(0, equals);
                String value =
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
                if (left.put(name, value) != null) throw invalid("s3 url parameter given twice");
            }
        }

        @Nullable String take(String name) {
            return left.remove(name);
        }

        @Nullable URI endpoint() {
            String text = take("endpoint");
            if (text == null) return null;
            URI endpoint = uri(text);
            String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
            if (!scheme.equals("http") && !scheme.equals("https") || endpoint.getHost() == null)
                throw invalid("endpoint is not an http or https url");
            if (endpoint.getRawUserInfo() != null)
                throw invalid("endpoint with credentials in it: " + WHERE);
            if (endpoint.getRawQuery() != null || endpoint.getRawFragment() != null)
                throw invalid("endpoint with a query or fragment");
            return endpoint;
        }

        Addressing addressing(@Nullable URI endpoint) {
            return switch (take("path-style")) {
                case null -> endpoint == null ? Addressing.HOST : Addressing.PATH;
                case "true" -> Addressing.PATH;
                case "false" -> Addressing.HOST;
                default -> throw invalid("path-style is neither true nor false");
            };
        }

        S3Limits limits() {
            S3Limits limits = S3Limits.defaults();
            String attempt = take("attempt-timeout");
            if (attempt != null) limits = limits.withAttempt(duration(attempt));
            String total = take("total-timeout");
            return total == null ? limits : limits.withTotal(duration(total));
        }

        private static Duration duration(String text) {
            try {
                Duration duration = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
                if (duration.isPositive() && duration.compareTo(Duration.ofHours(1)) <= 0)
                    return duration;
                throw invalid("a timeout is between nothing and an hour");
            } catch (DateTimeParseException malformed) {
                throw invalid("not a timeout such as 10s");
            }
        }

        void requireNoneLeft() {
            if (left.isEmpty()) return;
            String name = left.keySet().iterator().next();
            String lower = name.toLowerCase(Locale.ROOT);
            boolean isSecret = lower.matches(".*(key|secret|token|password|credential).*");
            if (isSecret) throw invalid("s3 url with credentials in it: " + WHERE);
            throw invalid("unknown s3 url parameter: " + name.replaceAll("[^a-zA-Z0-9._-]", "?"));
        }
    }
}

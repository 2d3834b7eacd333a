package dev.holdfast.s3;

import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.remote.CreateProbe;
import dev.holdfast.objectstore.remote.RequestLimits;
import dev.holdfast.objectstore.remote.StoreUrl;
import java.net.URI;
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
        RequestLimits limits) {
    static final String FORM =
            "s3://bucket/prefix?endpoint=http://host:port&region=name&path-style=true"
                    + "&attempt-timeout=10s&total-timeout=30s";

    private static final StoreUrl.Grammar GRAMMAR =
            new StoreUrl.Grammar(
                    "s3 url",
                    FORM,
                    "they come from the environment, a profile or the machine's role");

    /// Where the bucket's name stands in a request.
    enum Addressing {
        /// In the path: what most servers but Amazon's understand.
        PATH,
        /// In the host's name.
        HOST
    }

    /// Reads a URL. What could be a secret in it is never repeated.
    static S3Location of(String text) {
        var url = new StoreUrl(text, GRAMMAR);
        if (!url.scheme().equals("s3")) throw GRAMMAR.invalid("not an s3 url");
        if (!url.authority().matches("[a-z0-9][a-z0-9._-]{1,62}"))
            throw GRAMMAR.invalid("not a bucket's name");
        String prefix = url.prefix(url.path());
        URI endpoint = url.endpoint();
        Addressing addressing = addressing(url, endpoint);
        RequestLimits limits = url.limits();
        String region = url.take("region");
        if (region != null && !region.matches("[a-z0-9-]{1,40}"))
            throw GRAMMAR.invalid("not a region");
        url.requireNoneLeft();
        return new S3Location(url.authority(), prefix, endpoint, region, addressing, limits);
    }

    private static Addressing addressing(StoreUrl url, @Nullable URI endpoint) {
        return switch (url.take("path-style")) {
            case null -> endpoint == null ? Addressing.HOST : Addressing.PATH;
            case "true" -> Addressing.PATH;
            case "false" -> Addressing.HOST;
            default -> throw GRAMMAR.invalid("path-style is neither true nor false");
        };
    }

    /// How a person would name it: without what is about reaching it.
    String url() {
        return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }

    /// What must keep the promise of conditional creates.
    CreateProbe.Place place() {
        return new CreateProbe.Place(endpoint + " " + bucket, url());
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
}

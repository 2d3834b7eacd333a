package dev.holdfast.azure;

import dev.holdfast.objectstore.api.ObjectNames;
import dev.holdfast.objectstore.remote.CreateProbe;
import dev.holdfast.objectstore.remote.RequestLimits;
import dev.holdfast.objectstore.remote.StoreUrl;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a store is: a container of an account, what the names of its blobs begin with, and how to
/// reach it.
///
/// @param prefix without slashes around it; empty for the whole container
/// @param endpoint null for what the credentials say, or else Azure's own
record AzureLocation(
        String account,
        String container,
        String prefix,
        @Nullable URI endpoint,
        RequestLimits limits) {
    static final Set<String> SCHEMES = Set.of("az", "azure");

    static final String FORM =
            "az://account/container/prefix?endpoint=http://host:port"
                    + "&attempt-timeout=10s&total-timeout=30s";

    private static final StoreUrl.Grammar GRAMMAR =
            new StoreUrl.Grammar(
                    "azure url",
                    FORM,
                    "they come from AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY or"
                            + " AZURE_STORAGE_SAS_TOKEN");

    /// Reads a URL. What could be a secret in it is never repeated.
    static AzureLocation of(String text) {
        var url = new StoreUrl(text, GRAMMAR);
        if (!SCHEMES.contains(url.scheme())) throw GRAMMAR.invalid("not an azure url");
        if (!url.authority().matches("[a-z0-9]{3,24}"))
            throw GRAMMAR.invalid("not an account's name");
        String path = url.path();
        int slash = path.indexOf('/');
        String container = slash < 0 ? path : path.substring(0, slash);
        if (!container.matches("\\$root|[a-z0-9](-?[a-z0-9]){2,62}"))
            throw GRAMMAR.invalid("not a container's name");
        String prefix = url.prefix(slash < 0 ? "" : path.substring(slash + 1));
        URI endpoint = url.endpoint();
        RequestLimits limits = url.limits();
        url.requireNoneLeft();
        return new AzureLocation(url.authority(), container, prefix, endpoint, limits);
    }

    /// How a person would name it: without what is about reaching it.
    String url() {
        return "az://" + account + "/" + container + (prefix.isEmpty() ? "" : "/" + prefix);
    }

    /// What must keep the promise of conditional creates.
    CreateProbe.Place place() {
        return new CreateProbe.Place(endpoint + " " + account + "/" + container, url());
    }

    /// The name of the blob of the object `name`, or what the blobs of the names that begin so
    /// begin with.
    String key(String name) {
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    /// The name of the object in the blob `key`; null if no object of this store can have it.
    @Nullable String name(String key) {
        String start = prefix.isEmpty() ? "" : prefix + "/";
        if (!key.startsWith(start)) return null;
        String name = key.substring(start.length());
        return ObjectNames.isValid(name) ? name : null;
    }
}

package dev.holdfast.objectstore;

import dev.holdfast.base.Env;
import dev.holdfast.base.file.Disk;
import dev.holdfast.objectstore.api.CachingStore;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import dev.holdfast.objectstore.api.ObjectStore;
import dev.holdfast.objectstore.api.ObjectStoreException.Invalid;
import dev.holdfast.objectstore.api.StoreProvider;
import dev.holdfast.objectstore.cached.CachedStore;
import dev.holdfast.objectstore.local.LocalStore;
import dev.holdfast.objectstore.memory.MemoryStore;
import dev.holdfast.objectstore.retry.RetryPolicy;
import dev.holdfast.objectstore.retry.RetryingStore;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Opens the store that a URL names, with patience for calls that are not answered.
public final class ObjectStores {
    private static final List<StoreProvider> PROVIDERS =
            ServiceLoader.load(StoreProvider.class, ObjectStores.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();

    // Stores that a module of their own brings: what a program lacks that cannot open them.
    private static final Map<String, String> MODULES =
            Map.of("s3", "holdfast-s3", "az", "holdfast-azure", "azure", "holdfast-azure");

    private static final String GOOGLE =
            "no store of this program speaks to gs: buckets. Their interoperable endpoint"
                    + " (s3://bucket/prefix?endpoint=https://storage.googleapis.com, with an HMAC"
                    + " key) is usable if it keeps conditional creates, which is asked before the"
                    + " first write";

    private ObjectStores() {}

    /// The store at `url`: `file:///absolute/path` for a directory of this machine, `memory:` for a
    /// fresh, empty one in this process, and what the [StoreProvider]s of this program add. Opening
    /// writes nothing. Throws [Invalid] for anything else.
    public static ObjectStore open(String url, Env env) {
        return open(url, env, Disk.system());
    }

    /// The same, with its directories on `disk`.
    public static ObjectStore open(String url, Env env, Disk disk) {
        int colon = url.indexOf(':');
        String scheme = colon < 0 ? "" : url.substring(0, colon).toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "file" -> patient(new LocalStore(directoryOf(url), env, disk), env);
            case "memory" -> memory(url, env);
            case "" -> throw invalid("store url without a scheme", url);
            default -> provided(scheme, url, env);
        };
    }

    private static ObjectStore provided(String scheme, String url, Env env) {
        for (StoreProvider provider : PROVIDERS)
            if (provider.schemes().contains(scheme)) return provider.open(url, env);
        if (scheme.equals("gs")) throw invalid(GOOGLE, url);
        String module = MODULES.get(scheme);
        if (module == null) throw invalid("store url with an unknown scheme", url);
        throw invalid(
                "the module for this store is not on the class path. module=`" + module + "`", url);
    }

    /// `store`, with patience for calls that are not answered: every store over a network wants it.
    public static ObjectStore patient(ObjectStore store, Env env) {
        return new RetryingStore(store, RetryPolicy.defaults(), env);
    }

    /// `store`, with parts of those objects kept on a local disk whose names `isKept`: immutable
    /// ones only. Closes `store` with itself.
    public static CachingStore cached(
            ObjectStore store, Predicate<String> isKept, DiskCacheSettings settings, Env env) {
        CachingStore cached = cachedLater(store, isKept, settings, env, Disk.system());
        cached.openCache();
        return cached;
    }

    /// The same on `disk`, once it is told to open its files.
    public static CachingStore cachedLater(
            ObjectStore store,
            Predicate<String> isKept,
            DiskCacheSettings settings,
            Env env,
            Disk disk) {
        return new CachedStore(store, isKept, settings, disk, env);
    }

    /// `store`, but what lies below `folder` (with a slash at its end) is in `other`, and only
    /// there. Closes both with itself.
    public static ObjectStore routed(ObjectStore store, ObjectStore other, String folder) {
        return new RoutedStore(store, other, folder);
    }

    /// The directory that a `file:` URL names. Throws [Invalid] if it names none.
    public static Path directoryOf(String url) {
        try {
            URI uri = new URI(url);
            String host = uri.getAuthority();
            if (uri.isOpaque() || uri.getPath() == null || !uri.getPath().startsWith("/"))
                throw invalid("file url must be absolute", url);
            if (host != null && !host.equals("localhost"))
                throw invalid("file url must name this machine, with three slashes", url);
            if (uri.getQuery() != null || uri.getFragment() != null)
                throw invalid("file url with a query or fragment", url);
            if (uri.getPath().indexOf('\0') >= 0) throw invalid("file url with a NUL", url);
            return Path.of(uri.getPath());
        } catch (URISyntaxException malformed) {
            throw invalid("malformed store url", url);
        }
    }

    private static ObjectStore memory(String url, Env env) {
        if (!url.substring("memory:".length()).replace("/", "").isEmpty())
            throw invalid("memory url names nothing", url);
        return new MemoryStore(env);
    }

    private static Invalid invalid(String what, String url) {
        String supported =
                Stream.concat(
                                Stream.of("file:///absolute/path", "memory:"),
                                PROVIDERS.stream().map(StoreProvider::form))
                        .collect(Collectors.joining(", "));
        return new Invalid(
                "%s. url=`%s`, supported=`%s`".formatted(what, withoutSecrets(url), supported),
                null);
    }

    private static String withoutSecrets(String url) {
        return url.replaceAll("//[^/@]*@", "//***@").replaceAll("\\?.*", "?***");
    }
}

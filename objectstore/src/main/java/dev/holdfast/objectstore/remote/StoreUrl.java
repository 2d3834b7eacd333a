package dev.holdfast.objectstore.remote;

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

/// The URL of a store behind a server, read strictly: `scheme://authority/path?name=value`. What
/// could be a secret in it is never repeated.
public final class StoreUrl {
    private final Grammar grammar;
    private final URI uri;
    private final String authority;
    private final Map<String, String> left = new LinkedHashMap<>();

    /// What the URLs of one kind of store look like.
    ///
    /// @param kind how a person calls them: `s3 url`
    /// @param form an example with all parameters
    /// @param credentials where credentials come from, as they never stand in a URL
    public record Grammar(String kind, String form, String credentials) {
        /// A URL that is not understood.
        public Invalid invalid(String what) {
            return new Invalid(what + ". form=`" + form + "`", null);
        }

        private Invalid withCredentials(String what) {
            return invalid(what + " with credentials in it: " + credentials);
        }

        private URI uri(String url) {
            try {
                return new URI(url);
            } catch (URISyntaxException malformed) {
                throw invalid("malformed " + kind);
            }
        }
    }

    public StoreUrl(String url, Grammar grammar) {
        this.grammar = grammar;
        uri = grammar.uri(url);
        String named = uri.getRawAuthority();
        if (named == null) throw grammar.invalid(grammar.kind() + " that names nothing");
        if (named.indexOf('@') >= 0) throw grammar.withCredentials(grammar.kind());
        authority = named;
        if (uri.getRawFragment() != null)
            throw grammar.invalid(grammar.kind() + " with a fragment");
        String query = uri.getRawQuery();
        if (query != null && !query.isEmpty()) for (String pair : query.split("&")) add(pair);
    }

    private void add(String pair) {
        int equals = pair.indexOf('=');
        if (equals < 0) throw grammar.invalid(grammar.kind() + " parameter without a value");
        String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
        if (left.put(pair.substring(0, equals), value) != null)
            throw grammar.invalid(grammar.kind() + " parameter given twice");
    }

    /// In small letters.
    public String scheme() {
        return String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    }

    /// What stands between the two slashes and the path.
    public String authority() {
        return authority;
    }

    /// The path without slashes around it.
    public String path() {
        return uri.getRawPath().replaceAll("^/+|/+$", "");
    }

    /// `text`, if the names of a store can begin with it.
    public String prefix(String text) {
        if (!text.isEmpty() && !ObjectNames.isValid(text)) throw grammar.invalid("not a prefix");
        return text;
    }

    /// The value of a parameter, which counts as understood from here on; null without one.
    public @Nullable String take(String name) {
        return left.remove(name);
    }

    /// The parameter `endpoint`: a server; null for the usual one.
    public @Nullable URI endpoint() {
        String text = take("endpoint");
        if (text == null) return null;
        URI endpoint = grammar.uri(text);
        String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https") || endpoint.getHost() == null)
            throw grammar.invalid("endpoint is not an http or https url");
        if (endpoint.getRawUserInfo() != null) throw grammar.withCredentials("endpoint");
        if (endpoint.getRawQuery() != null || endpoint.getRawFragment() != null)
            throw grammar.invalid("endpoint with a query or fragment");
        return endpoint;
    }

    /// The parameters `attempt-timeout` and `total-timeout`, over the defaults.
    public RequestLimits limits() {
        RequestLimits limits = RequestLimits.defaults();
        String attempt = take("attempt-timeout");
        if (attempt != null) limits = limits.withAttempt(duration(attempt));
        String total = take("total-timeout");
        return total == null ? limits : limits.withTotal(duration(total));
    }

    private Duration duration(String text) {
        try {
            Duration duration = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
            if (duration.isPositive() && duration.compareTo(Duration.ofHours(1)) <= 0)
                return duration;
            throw grammar.invalid("a timeout is between nothing and an hour");
        } catch (DateTimeParseException malformed) {
            throw grammar.invalid("not a timeout such as 10s");
        }
    }

    /// Throws if there is a parameter that nobody took.
    public void requireNoneLeft() {
        if (left.isEmpty()) return;
        String name = left.keySet().iterator().next();
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.matches("sig|sv|se|sp|.*(key|secret|token|sas|password|credential).*"))
            throw grammar.withCredentials(grammar.kind());
        throw grammar.invalid(
                "unknown " + grammar.kind() + " parameter: " + name.replaceAll("[^\\w.-]", "?"));
    }
}

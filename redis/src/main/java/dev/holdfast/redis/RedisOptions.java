package dev.holdfast.redis;

import static dev.holdfast.base.Checks.require;

import dev.holdfast.engine.api.Durability;
import dev.holdfast.redis.config.ParameterFile;
import dev.holdfast.redis.resp.RespError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a Redis server listens, and how it starts out.
///
/// @param host the address to bind
/// @param port the port to bind; 0 for any that is free, -1 for none: TLS alone is spoken then
/// @param clientsMax the most connections at a time
/// @param durability what a reply waits for
/// @param parameters more, by the names that CONFIG SET knows, such as `requirepass`; and `user`,
///   lines that make users
public record RedisOptions(
        String host,
        int port,
        int clientsMax,
        Durability durability,
        Map<String, String> parameters) {
    private static final String USERS = "user";
    static final String PARAMETER_FILE = "parameter-file";

    public RedisOptions {
        require(-1 <= port && port <= 65535, "port out of range: %d", port);
        require(0 < clientsMax, "clientsMax must be positive: %d", clientsMax);
        parameters = Map.copyOf(parameters);
    }

    /// Redis's own port, on this machine only; a reply means that it is in the object store.
    public static RedisOptions defaults() {
        return new RedisOptions("127.0.0.1", 6379, 10_000, Durability.REMOTE, Map.of());
    }

    /// These options at another address.
    public RedisOptions at(String host, int port) {
        return new RedisOptions(host, port, clientsMax, durability, parameters);
    }

    /// These options with another bound of connections.
    public RedisOptions withClientsMax(int clientsMax) {
        return new RedisOptions(host, port, clientsMax, durability, parameters);
    }

    /// These options with another durability.
    public RedisOptions withDurability(Durability durability) {
        return new RedisOptions(host, port, clientsMax, durability, parameters);
    }

    /// These options with the users that `lines` make, each as `user NAME` and its rules.
    public RedisOptions withUsers(List<String> lines) {
        return with(USERS, String.join("\n", lines));
    }

    /// The lines that make users.
    List<String> users() {
        return parameters.getOrDefault(USERS, "").lines().toList();
    }

    /// The parameters that CONFIG GET shows.
    Map<String, String> shown() {
        Map<String, String> shown = new LinkedHashMap<>(parameters);
        shown.remove(USERS);
        shown.remove(PARAMETER_FILE);
        return shown;
    }

    /// These options with the parameters that stand in the file at `path`, in the form of
    /// `redis.conf`: they win over those that are given here. CONFIG REWRITE writes to it. Throws
    /// `IllegalArgumentException` if it cannot be read, or if something in it makes no sense.
    public RedisOptions withParametersOf(Path path) {
        RedisOptions options = with(PARAMETER_FILE, path.toString());
        try {
            RedisServer.config(options);
            return options;
        } catch (RespError refused) {
            throw new IllegalArgumentException(path + ": " + refused.text(), refused);
        }
    }

    /// The file of parameters; null if there is none.
    @Nullable ParameterFile parameterFile() {
        String path = parameters.get(PARAMETER_FILE);
        return path == null ? null : new ParameterFile(Path.of(path));
    }

    /// These options with one more parameter, by the name that CONFIG SET knows.
    public RedisOptions with(String parameter, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(parameter, value);
        return new RedisOptions(host, port, clientsMax, durability, more);
    }
}

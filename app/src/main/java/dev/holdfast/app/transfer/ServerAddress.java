package dev.holdfast.app.transfer;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where another server is, and how to be let in.
///
/// @param user null for the default one
/// @param password null if none is needed
public record ServerAddress(
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        Transport transport) {
    /// How long a connection may take to come about, and any answer to come.
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int PORT_MAX = 65_535;

    /// How bytes go there.
    public enum Transport {
        PLAIN,
        TLS
    }

    /// The address that `text` spells as `HOST:PORT`, with an address of version 6 in brackets.
    public static ServerAddress of(
            String text, @Nullable String user, @Nullable String password, Transport transport) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) host = host.substring(1, host.length() - 1);
        String port = text.substring(colon + 1);
        boolean isPort = port.matches("\\d{1,5}") && Integer.parseInt(port) <= PORT_MAX;
        if (host.isEmpty() || !isPort)
            throw new Failure(ExitStatus.USAGE, "not HOST:PORT: " + text);
        return new ServerAddress(host, Integer.parseInt(port), user, password, transport);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}

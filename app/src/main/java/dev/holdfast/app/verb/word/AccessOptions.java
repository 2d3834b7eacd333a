package dev.holdfast.app.verb.word;

import dev.holdfast.redis.RedisOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Who may do what on a server, and how its connections are encrypted.
public final class AccessOptions {
    @Option(
            names = "--aclfile",
            paramLabel = "FILE",
            description = "The file that users are kept in; ACL LOAD and ACL SAVE work on it.")
    private @Nullable String aclFile;

    @Option(
            names = "--user",
            paramLabel = "RULES",
            description =
                    "A user, as `NAME on #HASH ~keys +commands`; may be given more than once, in"
                            + " the configuration file one a line. Not beside --aclfile.")
    private List<String> users = new ArrayList<>();

    @Option(
            names = "--tls-port",
            paramLabel = "N|off",
            defaultValue = "off",
            description =
                    "Where clients connect with TLS; 0 for any free port (default:"
                            + " ${DEFAULT-VALUE}).")
    private String tlsPort = "off";

    @Option(
            names = "--tls-cert-file",
            paramLabel = "FILE",
            description = "The server's certificate, in PEM, and those that vouch for it.")
    private @Nullable String tlsCertFile;

    @Option(names = "--tls-key-file", paramLabel = "FILE", description = "Its key: PKCS #8 in PEM.")
    private @Nullable String tlsKeyFile;

    @Option(
            names = "--tls-key-file-pass",
            paramLabel = "PASSWORD",
            defaultValue = "${env:HOLDFAST_TLS_KEY_FILE_PASS}",
            description = "The key's password. Better in HOLDFAST_TLS_KEY_FILE_PASS.")
    private @Nullable String tlsKeyFilePass;

    @Option(
            names = "--tls-ca-cert-file",
            paramLabel = "FILE",
            description = "The certificates, in PEM, of those who vouch for clients.")
    private @Nullable String tlsCaCertFile;

    @Option(
            names = "--tls-auth-clients",
            paramLabel = "yes|no|optional",
            defaultValue = "yes",
            description =
                    "Whether clients with TLS must show a certificate (default:"
                            + " ${DEFAULT-VALUE}).")
    private String tlsAuthClients = "yes";

    @Option(
            names = "--tls-protocols",
            paramLabel = "VERSIONS",
            defaultValue = "TLSv1.2 TLSv1.3",
            description = "The versions of TLS, with blanks between (default: ${DEFAULT-VALUE}).")
    private String tlsProtocols = "";

    /// `options` with all that was said.
    public RedisOptions givenTo(RedisOptions options) {
        RedisOptions given = with(options, "aclfile", aclFile);
        given = with(given, "tls-cert-file", tlsCertFile);
        given = with(given, "tls-key-file", tlsKeyFile);
        given = with(given, "tls-key-file-pass", tlsKeyFilePass);
        given = with(given, "tls-ca-cert-file", tlsCaCertFile);
        given = with(given, "tls-auth-clients", tlsAuthClients);
        given = with(given, "tls-protocols", tlsProtocols);
        if (!tlsPort.equals("off")) given = with(given, "tls-port", tlsPort());
        return users.isEmpty() ? given : given.withUsers(lines());
    }

    private String tlsPort() {
        if (!tlsPort.matches("[0-9]{1,5}") || 65535 < Integer.parseInt(tlsPort))
            throw new IllegalArgumentException("--tls-port goes from 0 to 65535: " + tlsPort);
        return tlsPort;
    }

    private List<String> lines() {
        return users.stream()
                .flatMap(String::lines)
                .filter(line -> !line.isBlank())
                .map(line -> "user " + line.strip())
                .toList();
    }

    private static RedisOptions with(RedisOptions options, String name, @Nullable String value) {
        return value == null || value.isEmpty() ? options : options.with(name, value);
    }
}

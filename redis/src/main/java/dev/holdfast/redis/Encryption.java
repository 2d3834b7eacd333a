package dev.holdfast.redis;

import dev.holdfast.base.Env;
import dev.holdfast.net.Tls;
import dev.holdfast.net.TlsException;
import dev.holdfast.net.TlsSettings;
import dev.holdfast.net.TlsSettings.Clients;
import dev.holdfast.net.TlsSettings.Identity;
import dev.holdfast.net.TlsSettings.Proof;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.server.ServerConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// TLS as the parameters of this server say it: loaded at the start, and again whenever one of them
/// is set.
final class Encryption {
    private static final System.Logger LOG = System.getLogger(Encryption.class.getName());
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private final ServerConfig config;
    private final Tls tls;

    private Encryption(ServerConfig config, Env env) {
        this.config = config;
        this.tls = new Tls(env);
    }

    /// What TLS is spoken with; null if it is not spoken. Throws `RespError` if it should be and
    /// cannot.
    static @Nullable Tls of(ServerConfig config, Env env) {
        if (config.tlsPort() < 0) return null;
        var encryption = new Encryption(config, env);
        config.applies(ServerConfig.TLS, encryption::load);
        return encryption.tls;
    }

    private void load() {
        try {
            tls.load(settings());
        } catch (TlsException unusable) {
            LOG.log(System.Logger.Level.WARNING, "tls certificates not taken", unusable);
            throw new RespError(
                    "ERR CONFIG SET failed - Unable to update TLS configuration: "
                            + unusable.getMessage());
        }
    }

    private TlsSettings settings() {
        Proof proof =
                switch (config.text("tls-auth-clients")) {
                    case "no" -> Proof.NONE;
                    case "optional" -> Proof.OPTIONAL;
                    default -> Proof.REQUIRED;
                };
        String authorities = config.text("tls-ca-cert-file");
        if (proof != Proof.NONE && authorities.isEmpty())
            throw new RespError("ERR tls-auth-clients needs a tls-ca-cert-file, or to be `no`");
        var identity =
                new Identity(
                        path("tls-cert-file"),
                        path("tls-key-file"),
                        config.text("tls-key-file-pass"));
        var clients = new Clients(proof, authorities.isEmpty() ? null : Path.of(authorities));
        return new TlsSettings(identity, clients, protocols());
    }

    private Path path(String name) {
        String text = config.text(name);
        if (text.isEmpty()) throw new RespError("ERR TLS needs a " + name);
        return Path.of(text);
    }

    private List<String> protocols() {
        String given = config.text("tls-protocols");
        if (given.isBlank()) return PROTOCOLS;
        List<String> chosen = List.of(given.strip().split(" +"));
        if (!PROTOCOLS.containsAll(chosen))
            throw new RespError("ERR tls-protocols takes some of " + PROTOCOLS);
        return chosen;
    }
}

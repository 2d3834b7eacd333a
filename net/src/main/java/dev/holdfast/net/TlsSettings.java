package dev.holdfast.net;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files and rules that a server speaks TLS by.
///
/// @param protocols the versions, such as `TLSv1.3`
public record TlsSettings(Identity identity, Clients clients, List<String> protocols) {
    public TlsSettings {
        protocols = List.copyOf(protocols);
    }

    /// Who the server is, in files of PEM.
    ///
    /// @param certificates the server's own first, then those that vouch for it
    /// @param key in the form PKCS #8
    /// @param password of the key; empty if it has none
    public record Identity(Path certificates, Path key, String password) {
        @Override
        public String toString() {
            return certificates.toString(); // the password stays out of logs
        }
    }

    /// What clients must show.
    ///
    /// @param authorities a file of PEM with the certificates of those who vouch for clients; null
    ///   if none are asked
    public record Clients(Proof proof, @Nullable Path authorities) {}

    /// Whether clients must show a certificate.
    public enum Proof {
        /// They are not asked.
        NONE,
        /// They may; one that nobody vouches for is refused.
        OPTIONAL,
        /// They must.
        REQUIRED
    }
}

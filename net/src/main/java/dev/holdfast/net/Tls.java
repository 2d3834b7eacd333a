package dev.holdfast.net;

import dev.holdfast.base.Env;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// How a listener speaks TLS. What it speaks it with may be replaced while connections are open:
/// those go on as they began, later ones take what is new. Thread-safe.
public final class Tls {
    private static final System.Logger LOG = System.getLogger(Tls.class.getName());
    private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(10);
    private static final Duration CLOSE_NOTIFY_MAX = Duration.ofMillis(200);
    private static final byte[] PROBE = {1, 2, 3};

    private final Env env;
    private volatile @Nullable SslContext context;

    public Tls(Env env) {
        this.env = env;
    }

    /// Takes the certificates and rules of `settings` for all connections from now on. Throws, and
    /// leaves all as it is, if they cannot be used.
    public void load(TlsSettings settings) throws TlsException {
        TlsSettings.Identity identity = settings.identity();
        List<X509Certificate> chain = Pem.read(identity.certificates()).certificates();
        PrivateKey key = Pem.read(identity.key()).key(identity.password());
        X509Certificate own = chain.getFirst();
        if (!belong(own, key))
            throw new TlsException(
                    "key of another certificate. certificate=`" + identity.certificates() + "`",
                    null);
        SslContextBuilder builder =
                SslContextBuilder.forServer(key, chain.toArray(X509Certificate[]::new))
                        .sslProvider(SslProvider.JDK)
                        .protocols(settings.protocols())
                        .clientAuth(clientAuth(settings.clients().proof()));
        Path authorities = settings.clients().authorities();
        if (authorities != null)
            builder.trustManager(
                    Pem.read(authorities).certificates().toArray(X509Certificate[]::new));
        try {
            context = builder.build();
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new TlsException("certificates cannot be used. " + identity, unusable);
        }
        LOG.log(
                System.Logger.Level.INFO,
                "tls certificate loaded. subject=`"
                        + own.getSubjectX500Principal()
                        + "`, until=`"
                        + own.getNotAfter().toInstant()
                        + "`");
    }

    /// What speaks TLS on one connection. The sums of a handshake are done on threads of their own:
    /// who shakes hands holds nobody up who has done so.
    SslHandler handler(ByteBufAllocator allocator) {
        SslContext present = context;
        if (present == null) throw new IllegalStateException("no certificate was loaded");
        SslHandler handler =
                present.newHandler(allocator, task -> env.start("tls-handshake", task));
        handler.setHandshakeTimeout(HANDSHAKE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        handler.setCloseNotifyFlushTimeout(CLOSE_NOTIFY_MAX.toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    private static ClientAuth clientAuth(TlsSettings.Proof proof) {
        return switch (proof) {
            case NONE -> ClientAuth.NONE;
            case OPTIONAL -> ClientAuth.OPTIONAL;
            case REQUIRED -> ClientAuth.REQUIRE;
        };
    }

    private static boolean belong(X509Certificate certificate, PrivateKey key) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException another) {
            return false;
        }
    }
}

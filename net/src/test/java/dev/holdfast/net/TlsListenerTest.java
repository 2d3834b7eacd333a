package dev.holdfast.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.net.Listener.Door;
import dev.holdfast.net.TlsSettings.Clients;
import dev.holdfast.net.TlsSettings.Identity;
import dev.holdfast.net.TlsSettings.Proof;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("SEC-12")
class TlsListenerTest extends BytePipeContract {
    private static final Path FILES = Path.of("src/test/resources/tls");
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    private static final Duration LONG = Duration.ofSeconds(20);

    private final BlockingQueue<BytePipe> accepted = new LinkedBlockingQueue<>();
    private final Tls tls = new Tls(Env.system());
    private Listener listener;

    @BeforeEach
    void listen() throws Exception {
        tls.load(settings("server", Proof.NONE));
        var buffers =
                new ListenerOptions.Buffers(
                        ByteSize.bytes(BUFFER_BYTES), ByteSize.bytes(BUFFER_BYTES));
        var options = new ListenerOptions("127.0.0.1", 0, 10, Bytes.utf8("too many"), buffers);
        listener =
                Listener.open(options, List.of(new Door(0, null), new Door(0, tls)), accepted::add);
    }

    @AfterEach
    void stop() {
        listener.close();
    }

    private static TlsSettings settings(String name, Proof proof) {
        var identity = new Identity(FILES.resolve(name + ".crt"), FILES.resolve(name + ".key"), "");
        Path authorities = proof == Proof.NONE ? null : FILES.resolve("client.crt");
        return new TlsSettings(identity, new Clients(proof, authorities), PROTOCOLS);
    }

    @Override
    Ends open() throws Exception {
        SSLSocket socket = connect("server", null);
        socket.startHandshake();
        return new Ends(accepted.poll(20, TimeUnit.SECONDS), new SslEnd(socket));
    }

    private SSLSocket connect(String trusted, String own) throws Exception {
        var socket =
                (SSLSocket)
                        context(trusted, own)
                                .getSocketFactory()
                                .createSocket("127.0.0.1", listener.port(1));
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static SSLContext context(String trusted, String own) throws Exception {
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store(trusted, null));
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own == null ? null : store(own, own), new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore store(String name, String key) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        X509Certificate certificate;
        try (InputStream in = Files.newInputStream(FILES.resolve(name + ".crt"))) {
            certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        if (key == null) store.setCertificateEntry(name, certificate);
        else
            store.setKeyEntry(
                    name,
                    Pem.read(FILES.resolve(key + ".key")).key(""),
                    new char[0],
                    new X509Certificate[] {certificate});
        return store;
    }

    @Test
    void shouldTakeNewCertificatesForNewConnectionsAlone() throws Exception {
        try (Ends ends = open()) {
            // given
            ends.far().write(new byte[] {1});
            assertEquals(1, ends.near().read(LONG).length());
            // when
            tls.load(settings("other", Proof.NONE));
            // then
            ends.far().write(new byte[] {2});
            assertEquals(1, ends.near().read(LONG).length());
            try (SSLSocket late = connect("server", null)) {
                assertThrows(IOException.class, late::startHandshake);
            }
            try (SSLSocket late = connect("other", null)) {
                late.startHandshake();
            }
        }
    }

    @Test
    void shouldKeepWhatItHasWhenWhatIsNewCannotBeUsed() throws Exception {
        var mixed = new Identity(FILES.resolve("server.crt"), FILES.resolve("other.key"), "");
        var sealed = new Identity(FILES.resolve("server.crt"), FILES.resolve("sealed.key"), "no");
        var missing = new Identity(FILES.resolve("missing.crt"), FILES.resolve("other.key"), "");
        for (Identity wrong : List.of(mixed, sealed, missing)) {
            var settings = new TlsSettings(wrong, new Clients(Proof.NONE, null), PROTOCOLS);
            assertThrows(TlsException.class, () -> tls.load(settings));
        }
        open().close();
        var opened =
                new Identity(FILES.resolve("server.crt"), FILES.resolve("sealed.key"), "secret");
        tls.load(new TlsSettings(opened, new Clients(Proof.NONE, null), PROTOCOLS));
        open().close();
    }

    @Test
    void shouldAskClientsForACertificate() throws Exception {
        tls.load(settings("server", Proof.REQUIRED));
        try (SSLSocket without = connect("server", null)) {
            assertThrows(IOException.class, () -> use(without));
        }
        try (SSLSocket wrong = connect("server", "other")) {
            assertThrows(IOException.class, () -> use(wrong));
        }
        assertNull(accepted.poll());
        try (SSLSocket right = connect("server", "client")) {
            right.startHandshake();
            accepted.poll(20, TimeUnit.SECONDS).close();
        }
        tls.load(settings("server", Proof.OPTIONAL));
        open().close();
    }

    // In TLS 1.3 a client learns that it was refused only when it reads.
    private static void use(SSLSocket socket) throws IOException {
        socket.startHandshake();
        socket.getOutputStream().write(1);
        if (socket.getInputStream().read() < 0) throw new IOException("ended");
    }

    @Test
    void shouldNotTakeBytesWithoutTls() throws Exception {
        try (var plain = new Socket("127.0.0.1", listener.port(1))) {
            plain.setSoTimeout(20_000);
            plain.getOutputStream().write("*1\r\n$4\r\nPING\r\n".getBytes());
            plain.getInputStream().readAllBytes();
            assertNull(accepted.poll());
        }
    }

    /// A socket of TLS as the far end.
    private record SslEnd(SSLSocket socket) implements FarEnd {
        @Override
        public void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        @Override
        public byte[] read(int count) throws IOException {
            return socket.getInputStream().readNBytes(count);
        }

        @Override
        public void finish() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}

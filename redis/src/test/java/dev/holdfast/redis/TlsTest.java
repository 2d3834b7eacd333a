package dev.holdfast.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.redis.fake.TestClient;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("SEC-12")
class TlsTest {
    private static final Path FILES = Path.of("../net/src/test/resources/tls");

    private static String file(String name) {
        return FILES.resolve(name).toString();
    }

    private static RedisOptions options() {
        return RedisOptions.defaults()
                .with("tls-port", "0")
                .with("tls-cert-file", file("server.crt"))
                .with("tls-key-file", file("server.key"))
                .with("tls-auth-clients", "no");
    }

    private static TestClient connect(TestServer server, String trusted) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(FILES.resolve(trusted + ".crt"))) {
            var factory = CertificateFactory.getInstance("X.509");
            store.setCertificateEntry(trusted, factory.generateCertificate(in));
        }
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        var socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket("127.0.0.1", server.redis.tlsPort());
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return new TestClient(socket);
    }

    @Test
    void shouldServeWithTlsBesideThePlainPort() throws Exception {
        try (var server = new TestServer(options());
                var plain = new TestClient(server.port());
                var client = connect(server, "server")) {
            String value = "x".repeat(3_000_000);
            assertEquals("OK", client.call("SET", "a", value));
            assertEquals(value, client.call("GET", "a"));
            assertEquals(value, plain.call("GET", "a"));
        }
    }

    @Test
    void shouldTakeNewCertificatesWithoutDroppingAnybody() throws Exception {
        try (var server = new TestServer(options());
                var client = connect(server, "server")) {
            // given
            String refused = client.call("CONFIG", "SET", "tls-cert-file", file("other.crt"));
            assertTrue(refused.contains("key of another certificate"), refused);
            connect(server, "server").close();
            // when
            assertEquals(
                    "OK",
                    client.call(
                            "CONFIG",
                            "SET",
                            "tls-cert-file",
                            file("other.crt"),
                            "tls-key-file",
                            file("other.key")));
            // then
            assertEquals("PONG", client.call("PING"));
            connect(server, "other").close();
            assertThrows(SSLException.class, () -> connect(server, "server"));
        }
    }

    @Test
    void shouldSayGoodbyeInTlsWhenItStops() throws Exception {
        try (var server = new TestServer(options());
                var client = connect(server, "server")) {
            client.send("SET", "a", "1");
            assertEquals("OK", client.read());
            var stopping =
                    Thread.ofVirtual().start(() -> server.stopUnchecked(Duration.ofSeconds(10)));
            assertEquals(TestClient.END, client.read());
            stopping.join();
            assertEquals(0, server.redis.tlsPort());
        }
    }

    @Test
    void shouldServeWithTlsAlone() throws Exception {
        try (var server = new TestServer(options().at("127.0.0.1", -1));
                var client = connect(server, "server")) {
            assertEquals("PONG", client.call("PING"));
        }
    }

    @Test
    void shouldNotStartWithoutWhatTlsNeeds() {
        var noKey = RedisOptions.defaults().with("tls-port", "0");
        var noAuthorities = options().with("tls-auth-clients", "yes");
        var old = options().with("tls-protocols", "SSLv3");
        for (RedisOptions wrong : java.util.List.of(noKey, noAuthorities, old))
            assertThrows(Exception.class, () -> new TestServer(wrong).close());
    }
}

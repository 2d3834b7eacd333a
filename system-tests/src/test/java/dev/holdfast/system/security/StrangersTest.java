package dev.holdfast.system.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.system.process.Conditions;
import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import dev.holdfast.system.tidy.House;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients that have not said who they are, or may not do what they try; and what they are told.
@Timeout(600)
class StrangersTest {
    private static final Path TLS = House.ROOT.resolve("net/src/test/resources/tls");
    private static final String PASSWORD = "canary-of-the-environment";
    private static final List<String> SECRETS =
            List.of(
                    PASSWORD,
                    "canary-of-the-store",
                    "canary-of-a-user",
                    "canary-of-a-guess",
                    "canary-of-a-parameter",
                    "canary-of-a-hello",
                    "canary-of-a-mistake");

    @TempDir private static Path folder;
    private static ServerProcess server;
    private static int tlsPort;

    @BeforeAll
    static void start() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        try (var free = new ServerSocket(0)) {
            tlsPort = free.getLocalPort();
        }
        server =
                Conditions.usual()
                        .with("HOLDFAST_REQUIREPASS", PASSWORD)
                        .with("AWS_SECRET_ACCESS_KEY", "canary-of-the-store")
                        .with("HOLDFAST_LOG", "DEBUG")
                        .launch(
                                data.toUri().toString(),
                                folder.resolve("log"),
                                "--tls-port",
                                Integer.toString(tlsPort),
                                "--tls-cert-file",
                                TLS.resolve("server.crt").toString(),
                                "--tls-key-file",
                                TLS.resolve("server.key").toString(),
                                "--tls-ca-cert-file",
                                TLS.resolve("client.crt").toString());
        server.awaitAnswer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RespClient known() throws IOException {
        RespClient client = server.connect();
        assertEquals("OK", client.call("AUTH", PASSWORD));
        return client;
    }

    @Test
    @Tag("SEC-02")
    void shouldKeepStrangersShort() throws IOException {
        try (var socket = new RawSocket(server.port())) {
            assertEquals(
                    "-ERR Protocol error: unauthenticated multibulk length",
                    socket.say("*11\r\n").line());
            assertEquals("", socket.untilTheEnd());
        }
        try (var socket = new RawSocket(server.port())) {
            assertEquals(
                    "-ERR Protocol error: unauthenticated bulk length",
                    socket.say("*2\r\n$4\r\nAUTH\r\n$16385\r\n").line());
            assertEquals("", socket.untilTheEnd());
        }
        try (RespClient stranger = server.connect()) {
            assertEquals(failure("NOAUTH Authentication required."), stranger.call("GET", "a"));
            assertEquals(failure("NOAUTH Authentication required."), stranger.call("INFO"));
        }
    }

    @Test
    @Tag("SEC-07")
    void shouldEndAConnectionThatDoesNotSayWhoItIs() throws IOException {
        try (var silent = new RawSocket(server.port())) {
            long begun = System.nanoTime();
            assertEquals("", silent.untilTheEnd());
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
            assertTrue(seconds < 40, "after " + seconds + " s"); // 10 are promised
        }
    }

    @Test
    @Tag("SEC-11")
    void shouldRefuseWhatAUserMayNotAndTellNothingOfUsers() throws IOException {
        try (RespClient operator = known();
                RespClient client = server.connect()) {
            operator.call(
                    "ACL", "SETUSER", "shop", "on", ">word", "~cart:*", "+get", "+set", "&none");
            operator.call("ACL", "SETUSER", "closed", "off", ">word");
            Object refusal = client.call("AUTH", "shop", "guess");
            assertTrue(refusal.toString().contains("WRONGPASS"), refusal::toString);
            assertEquals(refusal, client.call("AUTH", "nobody", "guess"));
            assertEquals(refusal, client.call("AUTH", "closed", "word"));
            assertEquals("OK", client.call("AUTH", "shop", "word"));
            assertEquals("OK", client.call("SET", "cart:1", "x"));
            for (List<String> each :
                    List.of(
                            List.of("GET", "price:1"),
                            List.of("DEL", "cart:1"),
                            List.of("EVAL", "return redis.call('get', 'price:1')", "0"),
                            List.of("PUBLISH", "news", "x"),
                            List.of("CONFIG", "GET", "requirepass"),
                            List.of("ACL", "LIST")))
                assertTrue(
                        String.valueOf(client.call(each.toArray(String[]::new))).contains("NOPERM"),
                        () -> String.join(" ", each));
        }
    }

    @Test
    @Tag("SEC-12")
    void shouldRefuseWhoeverSpeaksNoTlsOrShowsNoCertificate() throws Exception {
        // one that speaks in clear
        try (var plain = new RawSocket(tlsPort)) {
            String answer = plain.say("PING\r\n").untilTheEnd();
            assertFalse(answer.contains("PONG"), answer);
        }
        // one that shows no certificate: told in the handshake, or right behind it
        assertThrows(IOException.class, () -> callOverTls("server"));
        // one that takes the server for another
        assertThrows(SSLException.class, () -> callOverTls("other"));
    }

    private static String callOverTls(String trusted) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(TLS.resolve(trusted + ".crt"))) {
            var factory = CertificateFactory.getInstance("X.509");
            store.setCertificateEntry(trusted, factory.generateCertificate(in));
        }
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (var socket =
                (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", tlsPort)) {
            socket.setSoTimeout(60_000);
            socket.startHandshake();
            socket.getOutputStream().write("PING\r\n".getBytes());
            int first = socket.getInputStream().read();
            if (first < 0) throw new IOException("ended");
            return "answered " + (char) first;
        }
    }

    @Test
    @Tag("SEC-17")
    void shouldTellNobodyASecret() throws Exception {
        var told = new ArrayList<String>();
        try (RespClient client = known();
                RespClient monitor = known();
                RespClient guesser = server.connect()) {
            client.call("CONFIG", "SET", "slowlog-log-slower-than", "0");
            assertEquals("OK", monitor.call("MONITOR"));
            client.call("ACL", "SETUSER", "friend", "on", ">canary-of-a-user", "+@all", "~*");
            told.add("" + guesser.call("AUTH", "canary-of-a-guess"));
            told.add("" + guesser.call("AUTH", "friend", "canary-of-a-guess"));
            told.add("" + guesser.call("AUTH", "friend", "canary-of-a-mistake", "x", "y"));
            told.add("" + guesser.call("HELLO", "2", "AUTH", "friend", "canary-of-a-hello"));
            told.add("" + guesser.call("AUTH", "friend", "canary-of-a-user"));
            told.add("" + client.call("CONFIG", "SET", "masterauth", "canary-of-a-parameter"));
            told.add("" + client.call("INFO", "everything"));
            told.add("" + client.call("CLIENT", "LIST"));
            told.add("" + client.call("SLOWLOG", "GET", "128"));
            told.add("" + client.call("ACL", "LIST"));
            told.add("" + client.call("ACL", "LOG"));
            told.add("" + client.call("ACL", "GETUSER", "friend"));
            told.add("" + client.call("COMMAND", "COUNT"));
            client.call("PUBLISH", "the end", "of all");
            for (String line = ""; !line.contains("the end"); told.add(line))
                line = String.valueOf(monitor.read());
        }
        told.add(server.output());
        for (String text : told)
            for (String secret : SECRETS) assertFalse(text.contains(secret), () -> text);
    }

    private static RespClient.Failure failure(String text) {
        return new RespClient.Failure(text);
    }
}

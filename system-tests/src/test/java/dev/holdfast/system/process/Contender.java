package dev.holdfast.system.process;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/// Whom a test is run against: this server, and the real one, which shows that the test asks for
/// nothing that Redis does not do.
public enum Contender {
    REDIS {
        @Override
        public TestedServer startOn(int port, Path data) throws IOException {
            return RedisProcess.startOn(port, data);
        }
    },
    HOLDFAST {
        @Override
        public TestedServer startOn(int port, Path data) throws IOException {
            return ServerProcess.startOn(port, data);
        }
    };

    // Below those that the system gives to connections: a client that tries to reach a server that
    // is gone would be connected with itself sooner or later.
    private static final int PORT_MIN = 12_000;
    private static final int PORTS = 18_000;

    /// Starts one on `data` that listens on `port`, and waits until it answers.
    public abstract TestedServer startOn(int port, Path data) throws IOException;

    /// A port that stays free while a server is started again.
    public static int lastingPort() throws IOException {
        while (true) {
            int port = PORT_MIN + ThreadLocalRandom.current().nextInt(PORTS);
            try (var _ = new ServerSocket(port)) {
                return port;
            } catch (BindException taken) {
                continue;
            }
        }
    }
}

package dev.holdfast.redis.differential;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.base.Bytes;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real redis-server of version 7.0 with one connection to it, for as long as a test runs.
final class RedisProcess implements AutoCloseable {
    private static final int TRIES = 100;

    private final Process process;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RedisProcess(Process process, Socket socket) throws IOException {
        this.process = process;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream());
    }

    /// Starts one, or skips the test aloud where none of version 7.0 is installed.
    static RedisProcess start(Path directory) throws IOException, InterruptedException {
        assumeTrue(version().contains("v=7.0."), "redis-server 7.0 is not installed");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process process =
                new ProcessBuilder(
                                List.of(
                                        "redis-server",
                                        "--port",
                                        Integer.toString(port),
                                        "--bind",
                                        "127.0.0.1",
                                        "--save",
                                        "",
                                        "--dir",
                                        directory.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("redis.log").toFile())
                        .start();
        for (int i = 0; i < TRIES; i++) {
            try {
                return new RedisProcess(process, new Socket("127.0.0.1", port));
            } catch (IOException notYet) {
                if (process.waitFor(100, TimeUnit.MILLISECONDS)) break;
            }
        }
        process.destroyForcibly();
        throw new IOException(Files.readString(directory.resolve("redis.log")));
    }

    private static String version() throws IOException {
        String path = System.getenv().getOrDefault("PATH", "");
        boolean isThere =
                Arrays.stream(path.split(File.pathSeparator))
                        .anyMatch(part -> Files.isExecutable(Path.of(part, "redis-server")));
        if (!isThere) return "";
        Process asked = new ProcessBuilder("redis-server", "--version").start();
        return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /// The reply to a call, as it came.
    Bytes call(List<Bytes> words) throws IOException {
        line('*', words.size());
        for (Bytes word : words) {
            line('$', word.length());
            out.write(word.toArray());
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.flush();
        var reply = new ByteArrayOutputStream();
        copyReply(reply);
        return Bytes.wrap(reply.toByteArray());
    }

    private void line(char kind, int number) throws IOException {
        out.write((kind + Integer.toString(number) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void copyReply(ByteArrayOutputStream reply) throws IOException {
        String head = copyLine(reply);
        if (head.charAt(0) != '$' && head.charAt(0) != '*') return;
        int count = Integer.parseInt(head.substring(1));
        if (head.charAt(0) == '$') {
            if (0 <= count) reply.writeBytes(readExactly(count + 2));
        } else {
            for (int i = 0; i < count; i++) copyReply(reply);
        }
    }

    private byte[] readExactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) throw new EOFException("redis-server went away");
        return bytes;
    }

    private String copyLine(ByteArrayOutputStream reply) throws IOException {
        var line = new StringBuilder();
        int letter = 0;
        while (letter != '\n') {
            letter = in.read();
            if (letter < 0) throw new EOFException("redis-server went away");
            reply.write(letter);
            if (letter != '\r' && letter != '\n') line.append((char) letter);
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        process.destroyForcibly();
    }
}

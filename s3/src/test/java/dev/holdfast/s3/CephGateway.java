package dev.holdfast.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.base.Env;
import dev.holdfast.objectstore.api.ObjectStore;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// Ceph with its S3 gateway on this machine, in processes of its own: the independent judge of
/// conditional creates.
public final class CephGateway {
    private static final long PATIENCE_SECONDS = 240;
    private static final Duration STOPPED_MAX = Duration.ofSeconds(30);

    private final Path folder;
    private final int port;

    private CephGateway(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /// Starts it in a folder that does not exist yet; skips the running test, aloud, where its
    /// programs are missing.
    public static CephGateway start(Path folder) throws Exception {
        for (String program : List.of("radosgw", "ceph-mon", "ceph-osd", "curl"))
            assumeTrue(isOnPath(program), program + " is not installed");
        var ceph = new CephGateway(folder, freePort());
        ceph.run("up", Integer.toString(ceph.port));
        try (var client =
                S3Client.builder()
                        .endpointOverride(URI.create(ceph.endpoint()))
                        .region(Region.US_EAST_1)
                        .forcePathStyle(true)
                        .credentialsProvider(Stores.CREDENTIALS)
                        .build()) {
            client.createBucket(request -> request.bucket("bucket"));
        }
        return ceph;
    }

    /// A store below `prefix` of a bucket there.
    ObjectStore open(String prefix, String more) {
        String url = "s3://bucket/" + prefix + "?endpoint=" + endpoint() + more;
        return Stores.open(url, Env.system());
    }

    /// Sends a signal to the gateway: KILL, STOP or CONT.
    void signal(String name) throws Exception {
        String pid = Files.readString(folder.resolve("gateway.pid")).strip();
        Process kill = new ProcessBuilder("kill", "-" + name, pid).start();
        assertEquals(0, kill.waitFor());
        if (name.equals("STOP")) awaitStopped(Path.of("/proc", pid, "task"));
    }

    // A signal is on its way for a moment, in which a request may still be answered.
    private static void awaitStopped(Path threads) throws Exception {
        long giveUp = System.nanoTime() + STOPPED_MAX.toNanos();
        while (!areStopped(threads)) {
            if (giveUp - System.nanoTime() < 0) throw new AssertionError("not stopped");
            Thread.onSpinWait();
        }
    }

    private static boolean areStopped(Path threads) throws IOException {
        try (var all = Files.list(threads)) {
            for (Path thread : all.toList())
                if (!Files.readString(thread.resolve("status")).contains("State:\tT")) return false;
        }
        return true;
    }

    /// Starts the gateway again after a kill.
    void startAgain() throws Exception {
        run("gateway");
    }

    /// Where it listens.
    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /// Ends all of it.
    public void stop() throws Exception {
        run("down");
    }

    private void run(String verb, String... more) throws Exception {
        var command = new ArrayList<>(List.of(script().toString(), verb, folder.toString()));
        command.addAll(List.of(more));
        Path log = folder.resolveSibling("rgw.log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        boolean isOver = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!isOver) process.destroyForcibly();
        assertEquals(true, isOver && process.exitValue() == 0, () -> verb + ": " + text(log));
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private static Path script() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("system-tests/ceph/rgw"))) folder = folder.getParent();
        return folder.resolve("system-tests/ceph/rgw");
    }

    private static boolean isOnPath(String name) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    // The monitor takes the two ports after it.
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return Math.min(socket.getLocalPort(), 65_000);
        }
    }
}

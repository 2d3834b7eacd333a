package dev.holdfast.azure.emulator;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Azurite in a process of its own. It ends with the JVM that started it, however that ends.
public final class Azurite implements AutoCloseable {
    /// The one account there is.
    public static final String ACCOUNT = "holdfast";

    /// Its key.
    public static final String KEY = "aG9sZGZhc3QncyB0ZXN0cw==";

    /// What the account's owner sets in the environment.
    public static final Map<String, String> CREDENTIALS =
            Map.of(
                    "AZURE_STORAGE_ACCOUNT",
                    ACCOUNT,
                    "AZURE_STORAGE_KEY",
                    "aG9sZGZhc3QncyB0ZXN0cw==");

    private static final AtomicInteger CONTAINERS = new AtomicInteger();
    private static final Pattern LISTENS = Pattern.compile("listens on http://127.0.0.1:(\\d+)");
    private static final long START_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_MILLIS = 20;

    private static @Nullable Azurite shared;

    private final Process process;
    private final int port;

    private Azurite(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// The one of this JVM, started at the first call; not to be closed.
    public static synchronized Azurite shared() throws Exception {
        if (shared == null || !shared.process.isAlive()) shared = inMemory();
        return shared;
    }

    /// One that forgets all when it ends.
    public static Azurite inMemory() throws Exception {
        return start(0, List.of("--inMemoryPersistence"));
    }

    /// One that keeps what it is given in `folder`, on `port`; 0 for any.
    public static Azurite in(Path folder, int port) throws Exception {
        return start(port, List.of("--location", folder.toString()));
    }

    private static Azurite start(int port, List<String> options) throws Exception {
        Path home = AzuritePackage.folder();
        Path log = Files.createTempFile("azurite", ".log");
        log.toFile().deleteOnExit();
        var command = new ArrayList<>(List.of("node", "azurite.cjs", "--blobHost", "127.0.0.1"));
        command.addAll(List.of("--blobPort", Integer.toString(port), "--silent"));
        command.add("--disableTelemetry");
        command.addAll(options);
        var builder =
                new ProcessBuilder(command)
                        .directory(home.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().put("AZURITE_ACCOUNTS", ACCOUNT + ":" + KEY);
        Process process = builder.start();
        try {
            return new Azurite(process, awaitPort(process, log));
        } catch (IOException | InterruptedException | RuntimeException | Error failed) {
            process.destroyForcibly();
            throw failed;
        }
    }

    private static int awaitPort(Process process, Path log)
            throws IOException, InterruptedException {
        long giveUp = System.nanoTime() + START_NANOS_MAX;
        while (true) {
            Matcher listens = LISTENS.matcher(Files.readString(log));
            if (listens.find()) return Integer.parseInt(listens.group(1));
            boolean isOver = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            if (isOver || giveUp - System.nanoTime() < 0)
                throw new AssertionError("azurite does not start: " + Files.readString(log));
        }
    }

    /// Where it listens.
    public int port() {
        return port;
    }

    /// Where it listens, as a URL without the account.
    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /// The URL of a store in `container`.
    public String url(String container, String prefix) {
        return "az://" + ACCOUNT + "/" + container + "/" + prefix + "?endpoint=" + endpoint();
    }

    /// The URL of a store in a fresh container.
    public String freshUrl(String prefix) {
        return "az://"
                + ACCOUNT
                + "/"
                + freshContainer()
                + "/"
                + prefix
                + "?endpoint="
                + endpoint();
    }

    /// The name of a fresh container.
    public String freshContainer() {
        String name = "c-" + CONTAINERS.incrementAndGet() + "-" + ProcessHandle.current().pid();
        container(name).create();
        return name;
    }

    /// A container as its owner sees it, past all proxies.
    public BlobContainerClient container(String name) {
        String text =
                "DefaultEndpointsProtocol=http;AccountName=%s;AccountKey=%s;BlobEndpoint=%s/%s;"
                        .formatted(ACCOUNT, KEY, endpoint(), ACCOUNT);
        return new BlobServiceClientBuilder()
                .connectionString(text)
                .serviceVersion(com.azure.storage.blob.BlobServiceVersion.V2026_02_06)
                .httpClient(new JdkHttpClientBuilder().build())
                .buildClient()
                .getBlobContainerClient(name);
    }

    /// Sends a signal: KILL, TERM, STOP or CONT.
    public void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) throw new AssertionError("cannot send " + name);
    }

    /// Ends it in order, so that what it keeps is on the disk.
    public void stop() throws Exception {
        signal("TERM"); // destroy() would close its stdin too, which ends it at once
        if (!process.waitFor(30, TimeUnit.SECONDS)) throw new AssertionError("does not stop");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

package dev.holdfast.app.verb;

import dev.holdfast.app.admin.AdminServer.IfTaken;
import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.serve.ServerSettings;
import dev.holdfast.app.serve.ServerSettings.AdminAddress;
import dev.holdfast.app.serve.ServerSettings.Resources;
import dev.holdfast.app.store.DatabaseLocation;
import dev.holdfast.app.verb.word.AccessOptions;
import dev.holdfast.app.verb.word.KeyOptions;
import dev.holdfast.app.verb.word.TableOptions;
import dev.holdfast.app.verb.word.TreeOptions;
import dev.holdfast.base.ByteSize;
import dev.holdfast.engine.EngineMemory;
import dev.holdfast.engine.api.CompactionSettings;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.engine.api.Settings;
import dev.holdfast.engine.api.SettingsBuilder;
import dev.holdfast.engine.api.upkeep.KeyRing;
import dev.holdfast.objectstore.api.DiskCacheSettings;
import dev.holdfast.redis.RedisOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What a server can be told, by flag or by a line of the configuration file.
final class ServerOptions {
    /// Whether something is on.
    enum Switch {
        yes,
        no
    }

    /// What a reply waits for.
    enum Waits {
        memory,
        local,
        remote
    }

    /// The least that replies to one connection wait for.
    enum WaitsMin {
        same,
        memory,
        local,
        remote
    }

    /// How tables are merged.
    enum Merging {
        off,
        tiered,
        leveled
    }

    /// Reads how often something is done: a time, or `off`.
    static final class Interval implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return text.equals("off") || text.equals("0") ? Duration.ZERO : Verbs.timeIn(text);
        }
    }

    private static final int ADMIN_PORT = 7480;
    private static final String OFF = "off";
    private static final ByteSize BLOCK_CACHE_LEAST = ByteSize.mebibytes(64);
    private static final int PARTS_OF_MEMORY = 4; // one of them is for blocks
    private static final Duration FLUSH_INTERVAL = Duration.ofMillis(100);
    // Bounds the log objects of small writes that nobody waits for in the store: 300 in ten
    // minutes.
    private static final Duration FLUSH_INTERVAL_LOCAL = Duration.ofSeconds(2);
    private static final ByteSize LOCAL_SEGMENT = ByteSize.mebibytes(16);

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Where Redis clients connect (default: ${DEFAULT-VALUE}).")
    private String host = "";

    @Option(
            names = {"-p", "--port"},
            paramLabel = "N",
            defaultValue = "6379",
            description =
                    "Their port; 0 for any free one, -1 for none but --tls-port (default:"
                            + " ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = {"-d", "--data"},
            paramLabel = "URL|DIR",
            defaultValue = "./holdfast-data",
            description =
                    "The store: file:///absolute/path, a directory, s3://bucket/prefix,"
                            + " az://account/container/prefix, or memory: (default:"
                            + " ${DEFAULT-VALUE}).")
    private String data = "";

    @Option(
            names = "--path",
            paramLabel = "PATH",
            defaultValue = "",
            description = "The database's path in the store (default: the store's root).")
    private String path = "";

    @Mixin private KeyOptions keys = new KeyOptions();
    @Mixin private AccessOptions access = new AccessOptions();

    @Option(
            names = "--durability",
            paramLabel = "memory|local|remote",
            description =
                    "What a reply waits for: memory, applied (a crash loses the last moments);"
                            + " local, on this machine's disk (whose loss loses them); or"
                            + " remote, in the store (default: local, or remote without --local).")
    private @Nullable Waits durability;

    @Option(
            names = "--client-durability-min",
            paramLabel = "same|memory|local|remote",
            defaultValue = "same",
            description =
                    "How far down CLIENT DURABILITY lets one connection go; same for not below"
                            + " --durability (default: ${DEFAULT-VALUE}).")
    private WaitsMin clientDurabilityMin = WaitsMin.same;

    @Option(
            names = "--local",
            paramLabel = "DIR|off",
            description =
                    "A directory of a local disk for the log in front of the store's (default:"
                            + " .holdfast.local in a store that is a directory, else below"
                            + " ./holdfast-local).")
    private @Nullable String local;

    @Option(
            names = "--max-clients",
            paramLabel = "N",
            defaultValue = "10000",
            description = "The most connections at a time (default: ${DEFAULT-VALUE}).")
    private int maxClients;

    @Option(
            names = "--requirepass",
            paramLabel = "PASSWORD",
            defaultValue = "${env:HOLDFAST_REQUIREPASS}",
            description =
                    "The password that clients must give. Better in the configuration file or in"
                            + " HOLDFAST_REQUIREPASS: flags are seen by all users of the machine.")
    private @Nullable String password;

    @Option(
            names = "--redis-conf",
            paramLabel = "FILE",
            description =
                    "Parameters in the form of redis.conf, which win over flags; CONFIG REWRITE"
                            + " writes to this file.")
    private @Nullable Path redisConf;

    @Option(
            names = "--protected-mode",
            paramLabel = "yes|no",
            defaultValue = "yes",
            description =
                    "Refuse clients of other machines while there is no password (default:"
                            + " ${DEFAULT-VALUE}).")
    private Switch protectedMode = Switch.yes;

    @Option(
            names = "--admin-host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description =
                    "Where operators ask over HTTP: /healthz /readyz /lifecycle /metrics /tier"
                            + " (default: ${DEFAULT-VALUE}).")
    private String adminHost = "";

    @Option(
            names = "--admin-port",
            paramLabel = "N",
            description =
                    "Their port; 0 for any free one (default: "
                            + ADMIN_PORT
                            + ", or any free one if that is taken).")
    private @Nullable Integer adminPort;

    @Option(
            names = "--flush-interval",
            paramLabel = "TIME",
            description =
                    "The longest that a write which nobody waits for stays out of the store"
                            + " (default: 2s with a local log, else 100ms).")
    private @Nullable Duration flushInterval;

    @Option(
            names = "--wal-put-interval-min",
            paramLabel = "TIME",
            defaultValue = "5ms",
            description =
                    "The least time between two objects of the log (default:"
                            + " ${DEFAULT-VALUE}).")
    private Duration walPutIntervalMin = Duration.ZERO;

    @Option(
            names = "--wal-size-max",
            paramLabel = "SIZE",
            defaultValue = "16MiB",
            description = "The largest object of the log (default: ${DEFAULT-VALUE}).")
    private ByteSize walSizeMax = ByteSize.bytes(0);

    @Option(
            names = "--l0-sst-size",
            paramLabel = "SIZE",
            defaultValue = "64MiB",
            description =
                    "How much is gathered in memory for one table (default:"
                            + " ${DEFAULT-VALUE}).")
    private ByteSize l0SstSize = ByteSize.bytes(0);

    @Option(
            names = "--unflushed-max",
            paramLabel = "SIZE",
            defaultValue = "256MiB",
            description =
                    "Writers wait while more than this is not in tables yet (default:"
                            + " ${DEFAULT-VALUE}).")
    private ByteSize unflushedMax = ByteSize.bytes(0);

    @Option(
            names = "--block-cache-size",
            paramLabel = "SIZE",
            description =
                    "Decoded blocks kept in memory (default: a quarter of --memory, 64MiB at"
                            + " least).")
    private @Nullable ByteSize blockCacheSize;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "What memtables, blocks and requests under way may take in all (default: half"
                            + " of what the heap has beyond 32 MiB).")
    private @Nullable ByteSize memory;

    @Option(
            names = "--disk-cache",
            paramLabel = "DIR",
            description = "A directory of a local disk where parts of tables are kept.")
    private @Nullable Path diskCache;

    @Option(
            names = "--disk-cache-size",
            paramLabel = "SIZE",
            defaultValue = "10GiB",
            description = "How much of it is used at most (default: ${DEFAULT-VALUE}).")
    private ByteSize diskCacheSize = ByteSize.bytes(0);

    @Mixin private TableOptions tables = new TableOptions();
    @Mixin private TreeOptions tree = new TreeOptions();

    @Option(
            names = "--compaction",
            paramLabel = "off|tiered|leveled",
            defaultValue = "tiered",
            description =
                    "How this process merges tables; off for not at all (default:"
                            + " ${DEFAULT-VALUE}).")
    private Merging compaction = Merging.tiered;

    @Option(
            names = "--replaced-kept",
            paramLabel = "TIME",
            defaultValue = "15m",
            description =
                    "How long tables that a compaction has replaced stay for readers that still"
                            + " look at them (default: ${DEFAULT-VALUE}).")
    private Duration replacedKept = Duration.ZERO;

    @Option(
            names = "--gc-interval",
            paramLabel = "TIME|off",
            defaultValue = "5m",
            description =
                    "How often what nothing needs is removed after a change; off for never in this"
                            + " process (default: ${DEFAULT-VALUE}).",
            converter = Interval.class)
    private Duration collectionInterval = Duration.ZERO;

    @Option(
            names = "--write-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "The longest that one write waits (default: ${DEFAULT-VALUE}).")
    private Duration writeTimeout = Duration.ZERO;

    /// All of it, checked as a whole.
    ServerSettings settings() {
        KeyRing ring = keys.keys();
        try {
            return new ServerSettings(
                    DatabaseLocation.of(data, path).with(ring),
                    redis(),
                    db(ring),
                    resources(),
                    admin(),
                    new ServerSettings.Form(tree.profile(), tables.filters()));
        } catch (IllegalArgumentException wrong) {
            throw new Failure(ExitStatus.CONFIG, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private Resources resources() {
        return new Resources(memory, cache(), local());
    }

    private @Nullable DiskCacheSettings cache() {
        if (diskCache == null) return null;
        Path directory = diskCache.toAbsolutePath().normalize();
        return DiskCacheSettings.of(directory, diskCacheSize);
    }

    private @Nullable LocalSettings local() {
        if (OFF.equals(local)) return null;
        Path directory =
                local == null
                        ? DatabaseLocation.of(data, path).localDirectory()
                        : Path.of(local).toAbsolutePath().normalize();
        return directory == null
                ? null
                : LocalSettings.in(directory).withSegmentSize(LOCAL_SEGMENT);
    }

    private Durability durability() {
        boolean hasLocal = local() != null;
        if (durability == null) return hasLocal ? Durability.LOCAL : Durability.REMOTE;
        if (durability == Waits.local && !hasLocal)
            throw new IllegalArgumentException("--durability local needs a --local directory");
        return Durability.valueOf(upper(durability));
    }

    private RedisOptions redis() {
        var options =
                new RedisOptions(
                        host,
                        port == -1 ? port : inRange("--port", port),
                        maxClients,
                        durability(),
                        java.util.Map.of());
        options = options.with("protected-mode", protectedMode.name());
        options = options.with("client-durability-min", clientDurabilityMin.name());
        options = access.givenTo(options);
        if (password != null && !password.isEmpty())
            options = options.with("requirepass", password);
        return redisConf == null ? options : options.withParametersOf(redisConf);
    }

    private Settings db(KeyRing keys) {
        SettingsBuilder settings =
                Settings.defaults()
                        .but()
                        .flushInterval(flushInterval())
                        .walPutIntervalMin(walPutIntervalMin)
                        .walSizeMax(walSizeMax)
                        .l0SstSize(l0SstSize)
                        .unflushedMax(unflushedMax)
                        .blockCacheSize(blockCacheSize())
                        .writeTimeout(writeTimeout)
                        .compaction(tree.givenTo(compaction()))
                        .collectionInterval(collectionInterval)
                        .keys(keys);
        return tree.givenTo(tables.givenTo(settings)).build();
    }

    private ByteSize blockCacheSize() {
        if (blockCacheSize != null) return blockCacheSize;
        long whole = memory == null ? EngineMemory.ofProcess().usage().limit() : memory.bytes();
        return ByteSize.bytes(Math.max(BLOCK_CACHE_LEAST.bytes(), whole / PARTS_OF_MEMORY));
    }

    private Duration flushInterval() {
        if (flushInterval != null) return flushInterval;
        return local() == null ? FLUSH_INTERVAL : FLUSH_INTERVAL_LOCAL;
    }

    private CompactionSettings compaction() {
        return switch (compaction) {
            case off -> CompactionSettings.off();
            case tiered -> CompactionSettings.defaults().withReplacedKept(replacedKept);
            case leveled -> CompactionSettings.leveled().withReplacedKept(replacedKept);
        };
    }

    private AdminAddress admin() {
        return adminPort == null
                ? new AdminAddress(adminHost, ADMIN_PORT, IfTaken.TAKE_ANOTHER)
                : new AdminAddress(adminHost, inRange("--admin-port", adminPort), IfTaken.FAIL);
    }

    private static int inRange(String flag, int port) {
        if (port < 0 || 65535 < port)
            throw new IllegalArgumentException(flag + " goes from 0 to 65535: " + port);
        return port;
    }

    private static String upper(Enum<?> word) {
        return word.name().toUpperCase(Locale.ROOT);
    }
}

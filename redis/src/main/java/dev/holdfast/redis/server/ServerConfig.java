package dev.holdfast.redis.server;

import dev.holdfast.base.Bytes;
import dev.holdfast.engine.api.Durability;
import dev.holdfast.redis.command.Glob;
import dev.holdfast.redis.config.KnownParameter;
import dev.holdfast.redis.config.KnownParameter.Rule;
import dev.holdfast.redis.config.KnownParameters;
import dev.holdfast.redis.config.MemoryWord;
import dev.holdfast.redis.config.ParameterFile;
import dev.holdfast.redis.config.Percentiles;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.signal.EventFilter;
import dev.holdfast.redis.watch.WatchSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The parameters that CONFIG shows and sets. Thread-safe: each is read as it stands.
public final class ServerConfig implements WatchSettings {
    private static final List<Durability> LEVELS = List.of(Durability.values());
    private static final long MEBIBYTE = 1024L * 1024;
    private static final long BULK_CEILING = 512 * MEBIBYTE;
    private static final long DAY_SECONDS = 86_400;
    private static final String SAME = "same"; // as `durability`
    private static final Set<String> FROM_FLAGS = Set.of("bind", "port", "maxclients", "databases");
    private static final String DEBUG_COMMAND = "enable-debug-command";
    private static final String ALL_CHANNELS = "allchannels";
    private static final String OFF = "off";

    /// The parameter that bounds what the engine keeps in memory.
    public static final String MEMORY_MAX = "maxmemory";

    /// The parameters that TLS is spoken by.
    public static final Set<String> TLS =
            Set.of(
                    "tls-cert-file",
                    "tls-key-file",
                    "tls-key-file-pass",
                    "tls-ca-cert-file",
                    "tls-auth-clients",
                    "tls-protocols");

    private final Map<String, ConfigParameter> parameters = new TreeMap<>();

    private final ConfigParameter password = add(ConfigParameter.text("requirepass", ""));
    private final ConfigParameter isProtected = add(ConfigParameter.yesNo("protected-mode", "yes"));
    private final ConfigParameter idleMax =
            add(ConfigParameter.whole("timeout", 0, 0, Integer.MAX_VALUE));
    private final ConfigParameter bulkMax =
            add(ConfigParameter.whole("proto-max-bulk-len", BULK_CEILING, MEBIBYTE, BULK_CEILING));
    private final ConfigParameter outputMax =
            add(
                    ConfigParameter.whole(
                            "reply-bytes-max", 256 * MEBIBYTE, MEBIBYTE, 2048 * MEBIBYTE));
    private final ConfigParameter stallMax =
            add(ConfigParameter.whole("write-stall-timeout", 60, 1, DAY_SECONDS));
    private final ConfigParameter durabilityMax =
            add(ConfigParameter.whole("durability-timeout", 60, 1, DAY_SECONDS));
    private final ConfigParameter keyEvents =
            add(
                    ConfigParameter.derived(
                            "notify-keyspace-events",
                            "",
                            (given, _) -> {
                                EventFilter filter = EventFilter.parse(given);
                                return filter == null ? null : filter.letters();
                            },
                            _ -> "Invalid event class character. Use 'Ag$lshzxeKEtmdn'."));
    private final ConfigParameter outputLimits =
            add(
                    ConfigParameter.derived(
                            "client-output-buffer-limit",
                            OutputLimits.DEFAULT,
                            (given, present) -> {
                                OutputLimits limits = outputLimits(present).changed(given);
                                return limits == null ? null : limits.text();
                            },
                            OutputLimits::complaint));
    private final ConfigParameter slowMicros =
            add(ConfigParameter.whole("slowlog-log-slower-than", 10_000, -1, Long.MAX_VALUE));
    private final ConfigParameter slowCallsMax =
            add(ConfigParameter.whole("slowlog-max-len", 128, 0, Long.MAX_VALUE));
    private final ConfigParameter spikeMillis =
            add(ConfigParameter.whole("latency-monitor-threshold", 0, 0, Long.MAX_VALUE));
    private final ConfigParameter timesCalls =
            add(ConfigParameter.yesNo("latency-tracking", "yes"));
    private final ConfigParameter percentiles =
            add(
                    ConfigParameter.derived(
                            "latency-tracking-info-percentiles",
                            "50 99 99.9",
                            (given, _) -> Percentiles.isWellFormed(given) ? given.strip() : null,
                            _ -> Percentiles.COMPLAINT));
    private final ConfigParameter trackedKeysMax =
            add(ConfigParameter.whole("tracking-table-max-keys", 1_000_000, 0, Long.MAX_VALUE));
    private final ConfigParameter memoryMax =
            add(
                    ConfigParameter.derived(
                            MEMORY_MAX,
                            "0",
                            (given, _) -> {
                                Long bytes = MemoryWord.bytes(given);
                                return bytes == null ? null : bytes.toString();
                            },
                            _ -> "argument must be a memory value"));
    private final ConfigParameter saveKept =
            add(ConfigParameter.whole("save-kept", 7 * DAY_SECONDS, 60, 36_500 * DAY_SECONDS));
    private final ConfigParameter debugCommand =
            add(ConfigParameter.oneOf(DEBUG_COMMAND, "no", List.of("no", "yes", "local")));
    private volatile boolean isRunning;
    private final ConfigParameter aclFile = add(ConfigParameter.atStart("aclfile", ""));
    private final ConfigParameter aclLogMax =
            add(ConfigParameter.whole("acllog-max-len", 128, 0, 10_000));
    private final ConfigParameter channelsAtFirst =
            add(
                    ConfigParameter.oneOf(
                            "acl-pubsub-default",
                            "resetchannels",
                            List.of("resetchannels", ALL_CHANNELS)));
    private final ConfigParameter tlsPort = add(ConfigParameter.atStart("tls-port", OFF));
    private final Map<ConfigParameter, Runnable> appliers = new HashMap<>();
    private final ReentrantLock changes = new ReentrantLock();
    private volatile @Nullable ParameterFile file;
    private final ConfigParameter busyMillis =
            add(ConfigParameter.whole("busy-reply-threshold", 5000, 0, Integer.MAX_VALUE));
    private volatile EventFilter keyEventFilter = EventFilter.NONE;
    private volatile OutputLimits limits = OutputLimits.defaults();
    private final ConfigParameter durability;
    private final ConfigParameter durabilityMin;
    private final int clientsMax;

    /// @param clientsMax the most connections at a time
    /// @param durability what a reply waits for
    public ServerConfig(String host, int port, int clientsMax, Durability durability) {
        this.durability =
                add(
                        ConfigParameter.oneOf(
                                "durability",
                                wordOf(durability),
                                List.of("memory", "local", "remote")));
        durabilityMin =
                add(
                        ConfigParameter.oneOf(
                                "client-durability-min",
                                SAME,
                                List.of(SAME, "memory", "local", "remote")));
        add(ConfigParameter.oneOf("tls-auth-clients", "yes", List.of("no", "yes", "optional")));
        for (String name : TLS)
            if (!parameters.containsKey(name)) add(ConfigParameter.text(name, ""));
        add(ConfigParameter.fixed("bind", host));
        add(ConfigParameter.fixed("port", Integer.toString(port)));
        this.clientsMax = clientsMax;
        add(ConfigParameter.fixed("maxclients", Integer.toString(clientsMax)));
        add(ConfigParameter.fixed("databases", Integer.toString(Keyspaces.COUNT)));
        addKnown();
    }

    // Those that mean something here are there already.
    private void addKnown() {
        for (KnownParameter known : KnownParameters.all())
            if (!(known.rule() instanceof Rule.SameAs))
                parameters.computeIfAbsent(
                        known.name(),
                        name -> ConfigParameter.known(name, known.value(), known.rule()));
        for (KnownParameter known : KnownParameters.all())
            if (known.rule() instanceof Rule.SameAs(String other))
                parameters.putIfAbsent(known.name(), named(other));
    }

    /// The most connections at a time.
    public int clientsMax() {
        return clientsMax;
    }

    /// The port where TLS is spoken, 0 for any that is free; -1 for none.
    public int tlsPort() {
        String text = tlsPort.text();
        return text.equals(OFF) ? -1 : Integer.parseInt(text);
    }

    /// The text of the parameter `name`.
    public String text(String name) {
        return named(name).text();
    }

    /// The file that users are kept in; empty if there is none.
    public String aclFile() {
        return aclFile.text();
    }

    /// The most entries of the log of what clients may not do.
    public int aclLogMax() {
        return (int) aclLogMax.whole();
    }

    /// True if a new user may listen to every channel.
    public boolean hearsAllAtFirst() {
        return channelsAtFirst.text().equals(ALL_CHANNELS);
    }

    /// The password that was given for the user `default`; empty if there is none.
    public String password() {
        return password.text();
    }

    /// True if clients from other machines are refused while there is no password.
    public boolean isProtected() {
        return isProtected.isYes();
    }

    /// How long a client may be idle; zero for as long as it likes.
    public Duration idleMax() {
        return Duration.ofSeconds(idleMax.whole());
    }

    /// The longest word of a request.
    public int bulkMax() {
        return (int) bulkMax.whole();
    }

    /// The most bytes of replies that are held for one client.
    public long outputMax() {
        return outputMax.whole();
    }

    /// How long a client may take nothing of what is sent to it.
    public Duration stallMax() {
        return Duration.ofSeconds(stallMax.whole());
    }

    /// Which events on keys are published.
    public EventFilter keyEvents() {
        return keyEventFilter;
    }

    @Override
    public long slowMicros() {
        return slowMicros.whole();
    }

    @Override
    public long slowCallsMax() {
        return slowCallsMax.whole();
    }

    @Override
    public long spikeMillis() {
        return spikeMillis.whole();
    }

    @Override
    public boolean timesCalls() {
        return timesCalls.isYes();
    }

    /// How many milliseconds a script runs before it counts as busy.
    public long busyMillis() {
        return busyMillis.whole();
    }

    /// Which percentiles of the times of calls are shown.
    List<Double> percentiles() {
        return Percentiles.parse(percentiles.text());
    }

    /// How many keys are remembered for clients that keep copies; 0 for as many as there are.
    public long trackedKeysMax() {
        return trackedKeysMax.whole();
    }

    /// What the engine may keep in memory, in bytes; 0 for what the server was started with.
    public long memoryMax() {
        return Long.parseLong(memoryMax.text());
    }

    /// How long the checkpoint of a save stays readable.
    public Duration saveKept() {
        return Duration.ofSeconds(saveKept.whole());
    }

    /// True if a client that comes from this machine, or does not, may call DEBUG.
    public boolean allowsDebug(Origin origin) {
        return switch (debugCommand.text()) {
            case "yes" -> true;
            case "local" -> origin == Origin.HERE;
            default -> false;
        };
    }

    /// Where a client comes from.
    public enum Origin {
        HERE,
        ELSEWHERE
    }

    /// From now on clients may have `file` written: see [#rewrite].
    public void writesTo(ParameterFile file) {
        this.file = file;
    }

    /// Writes what is not as it was at first to the file that the server was started with.
    void rewrite() {
        ParameterFile known = file;
        if (known == null) throw new RespError("ERR The server is running without a config file");
        SequencedMap<String, String> values = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> {
            boolean isOwn = name.equals(parameter.name()) && !FROM_FLAGS.contains(name);
            if (isOwn && parameter.isChanged()) values.put(name, parameter.text());
        });
        try {
            for (String name : known.read().keySet())
                if (parameters.containsKey(name)) values.put(name, named(name).text());
            known.rewrite(values);
        } catch (IOException | IllegalArgumentException failure) {
            throw new RespError("ERR Rewriting config file: " + failure.getMessage());
        }
    }

    /// How much may wait for a client.
    OutputLimits outputLimits() {
        return limits;
    }

    private static OutputLimits outputLimits(String text) {
        OutputLimits limits = OutputLimits.defaults().changed(text);
        return limits == null ? OutputLimits.defaults() : limits;
    }

    /// How long a reply waits for durability.
    public Duration durabilityMax() {
        return Duration.ofSeconds(durabilityMax.whole());
    }

    /// What a reply waits for, where a client asked for nothing else.
    public Durability durability() {
        return levelOf(durability.text());
    }

    /// What a reply waits for on a connection whose client asked for `asked`.
    public Durability durability(@Nullable Durability asked) {
        if (asked == null) return durability();
        Durability least = durabilityMin();
        return asked.compareTo(least) < 0 ? least : asked;
    }

    /// The least that a client may ask for.
    Durability durabilityMin() {
        String least = durabilityMin.text();
        return least.equals(SAME) ? durability() : levelOf(least);
    }

    private static Durability levelOf(String word) {
        for (Durability level : LEVELS) if (level.name().equalsIgnoreCase(word)) return level;
        throw new IllegalArgumentException("no durability: " + word);
    }

    /// Has `applier` run whenever one of `names` was set. Where it throws `RespError`, everything
    /// is set back. Runs at once for what was set before.
    public void applies(Set<String> names, Runnable applier) {
        for (String name : names) appliers.put(named(name), applier);
        applier.run();
    }

    /// Sets parameters as [#set], and those that only the start can set: from then on they can no
    /// longer be set.
    public void begin(Map<String, String> given) {
        List<String> namesAndValues = new ArrayList<>();
        given.forEach((name, value) -> {
            ConfigParameter parameter = named(name);
            if (parameter.isForStart()) parameter.set(value);
            else namesAndValues.addAll(List.of(name, value));
        });
        set(namesAndValues);
        isRunning = true;
    }

    /// Sets parameters, given as names and values in turn: all of them or none. Throws `RespError`.
    public void set(List<String> namesAndValues) {
        changes.lock();
        try {
            setAll(namesAndValues);
        } finally {
            changes.unlock();
        }
    }

    private void setAll(List<String> namesAndValues) {
        Set<ConfigParameter> chosen = new HashSet<>();
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            ConfigParameter parameter = named(namesAndValues.get(i));
            if (!chosen.add(parameter)) throw refused(parameter, "duplicate parameter");
            if (isRunning && parameter == debugCommand)
                throw refused(parameter, "can't set immutable config");
        }
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            ConfigParameter parameter = named(namesAndValues.get(i));
            String complaint = parameter.complaintAbout(namesAndValues.get(i + 1));
            if (complaint != null) throw refused(parameter, complaint);
        }
        Map<ConfigParameter, String> before = new HashMap<>();
        for (ConfigParameter parameter : chosen) before.put(parameter, parameter.text());
        for (int i = 0; i < namesAndValues.size(); i += 2)
            named(namesAndValues.get(i)).set(namesAndValues.get(i + 1));
        try {
            apply(chosen);
        } catch (RespError refused) {
            before.forEach(ConfigParameter::set);
            throw refused;
        }
        // As given: what is shown leaves out what `A` does not stand for.
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            if (named(namesAndValues.get(i)) != keyEvents) continue;
            EventFilter filter = EventFilter.parse(namesAndValues.get(i + 1));
            keyEventFilter = filter == null ? EventFilter.NONE : filter;
        }
        limits = outputLimits(outputLimits.text());
    }

    private void apply(Set<ConfigParameter> chosen) {
        Set<Runnable> due = new LinkedHashSet<>();
        for (ConfigParameter parameter : chosen) {
            Runnable applier = appliers.get(parameter);
            if (applier != null) due.add(applier);
        }
        due.forEach(Runnable::run);
    }

    /// Names and values of the parameters whose name is of one of `patterns`, in turn.
    List<String> matching(List<Bytes> patterns) {
        List<Glob> globs = patterns.stream().map(Glob::ignoringCase).toList();
        List<String> found = new ArrayList<>();
        parameters.forEach((name, parameter) -> {
            Bytes shown = Bytes.utf8(name);
            if (globs.stream().noneMatch(glob -> glob.matches(shown))) return;
            found.add(name);
            found.add(parameter.text());
        });
        return found;
    }

    private ConfigParameter add(ConfigParameter parameter) {
        parameters.put(parameter.name(), parameter);
        return parameter;
    }

    private ConfigParameter named(String name) {
        ConfigParameter parameter = parameters.get(name.toLowerCase(Locale.ROOT));
        if (parameter == null)
            throw new RespError(
                    "ERR Unknown option or number of arguments for CONFIG SET - '"
                            + RespError.preview(name)
                            + "'");
        return parameter;
    }

    private static RespError refused(ConfigParameter parameter, String why) {
        return new RespError(
                "ERR CONFIG SET failed (possibly related to argument '"
                        + parameter.name()
                        + "') - "
                        + why);
    }

    /// A level as clients spell it.
    static String wordOf(Durability durability) {
        return durability.name().toLowerCase(Locale.ROOT);
    }
}

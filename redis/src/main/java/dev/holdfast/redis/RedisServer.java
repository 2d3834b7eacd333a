package dev.holdfast.redis;

import dev.holdfast.base.ByteSize;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.base.HeapRoom;
import dev.holdfast.engine.HoldfastDb;
import dev.holdfast.engine.api.Db;
import dev.holdfast.lifecycle.Component;
import dev.holdfast.lifecycle.Outcome;
import dev.holdfast.lifecycle.Phase;
import dev.holdfast.lifecycle.StartContext;
import dev.holdfast.lifecycle.StopContext;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.gate.Gate;
import dev.holdfast.net.BytePipe;
import dev.holdfast.net.Listener;
import dev.holdfast.net.Listener.Door;
import dev.holdfast.net.ListenerOptions;
import dev.holdfast.net.PipeException;
import dev.holdfast.net.Tls;
import dev.holdfast.redis.acl.Guard;
import dev.holdfast.redis.admin.AdminCommands;
import dev.holdfast.redis.bitmaps.BitmapCommands;
import dev.holdfast.redis.command.CommandTable;
import dev.holdfast.redis.command.Outbox;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.config.ParameterFile;
import dev.holdfast.redis.dispatch.Connections;
import dev.holdfast.redis.dispatch.Dispatcher;
import dev.holdfast.redis.dispatch.Durables;
import dev.holdfast.redis.dispatch.Entrance;
import dev.holdfast.redis.dispatch.Refusals;
import dev.holdfast.redis.dispatch.Services;
import dev.holdfast.redis.geo.GeoCommands;
import dev.holdfast.redis.hashes.HashCommands;
import dev.holdfast.redis.hyperloglogs.HyperLogLogCommands;
import dev.holdfast.redis.keys.KeyCommands;
import dev.holdfast.redis.keyspace.ActiveExpiry;
import dev.holdfast.redis.keyspace.Keyspaces;
import dev.holdfast.redis.lists.ListCommands;
import dev.holdfast.redis.memory.MemoryBound;
import dev.holdfast.redis.migrate.Importer;
import dev.holdfast.redis.pausing.Pause;
import dev.holdfast.redis.pausing.PauseCommands;
import dev.holdfast.redis.pubsub.Channels;
import dev.holdfast.redis.pubsub.KeyNews;
import dev.holdfast.redis.pubsub.PubSubCommands;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.saving.Saves;
import dev.holdfast.redis.script.FunctionCalls;
import dev.holdfast.redis.script.FunctionCommands;
import dev.holdfast.redis.script.RunningScripts;
import dev.holdfast.redis.script.ScriptCommands;
import dev.holdfast.redis.script.Scripts;
import dev.holdfast.redis.server.ClientCommands;
import dev.holdfast.redis.server.Clients;
import dev.holdfast.redis.server.CommandCommands;
import dev.holdfast.redis.server.ConfigCommands;
import dev.holdfast.redis.server.ConnectionCommands;
import dev.holdfast.redis.server.Crowd;
import dev.holdfast.redis.server.OutputLimit;
import dev.holdfast.redis.server.ServerCommands;
import dev.holdfast.redis.server.ServerConfig;
import dev.holdfast.redis.server.ServerParts;
import dev.holdfast.redis.server.ServerState;
import dev.holdfast.redis.server.ServerStats;
import dev.holdfast.redis.server.StatusCommand;
import dev.holdfast.redis.sets.SetCommands;
import dev.holdfast.redis.sorting.SortCommands;
import dev.holdfast.redis.streams.StreamCommands;
import dev.holdfast.redis.strings.StringCommands;
import dev.holdfast.redis.tracking.Tracking;
import dev.holdfast.redis.tracking.TrackingCommands;
import dev.holdfast.redis.transactions.TransactionCommands;
import dev.holdfast.redis.transfer.MigrateCommand;
import dev.holdfast.redis.transfer.TransferCommands;
import dev.holdfast.redis.waiting.WaitingRoom;
import dev.holdfast.redis.watch.CallWatch;
import dev.holdfast.redis.zsets.WaitingPops;
import dev.holdfast.redis.zsets.ZsetCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A Redis server over a [Db], as a component of a scope.
///
/// It stops before the database does: in DRAIN every request that was received is run and answered,
/// so that what PERSIST then saves holds all that clients were told.
public final class RedisServer implements Component {
    private static final System.Logger LOG = System.getLogger(RedisServer.class.getName());
    private static final Duration NEAR = Duration.ofSeconds(2); // a thread may wait that long
    private static final ListenerOptions.Buffers BUFFERS =
            new ListenerOptions.Buffers(ByteSize.kibibytes(128), ByteSize.mebibytes(1));

    private final RedisOptions options;
    private final Env env;
    private final Supplier<? extends Db> db;
    private final StopControl control;
    private final Set<String> requires;
    private volatile @Nullable Running running;
    private volatile @Nullable RunningScripts scripts;

    /// @param db asked for once, at start: by then what `requires` names has started
    /// @param requires the components that must run as long as this one does
    public RedisServer(
            RedisOptions options,
            Env env,
            Supplier<? extends Db> db,
            StopControl control,
            Set<String> requires) {
        this.options = options;
        this.env = env;
        this.db = db;
        this.control = control;
        this.requires = Set.copyOf(requires);
    }

    /// What lives from start to RELEASE.
    private record Running(
            Listener listener,
            Connections connections,
            ServerState state,
            Gate gate,
            Background background) {}

    /// What is done beside the calls of clients.
    private record Background(Sweeping sweeping, Saves saves) {}

    /// The removal of expired keys, and the thread that does it at present.
    private record Sweeping(StartContext context, ActiveExpiry expiry, AtomicReference<Task> task) {
        static Sweeping start(StartContext context, ActiveExpiry expiry) {
            return new Sweeping(context, expiry, new AtomicReference<>(expiry.start(context)));
        }

        void again() {
            task.set(expiry.start(context));
        }
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Set<String> requires() {
        return requires;
    }

    @Override
    public Set<Phase> phases() {
        return EnumSet.of(Phase.ANNOUNCE, Phase.REJECT, Phase.DRAIN, Phase.RELEASE);
    }

    @Override
    public void start(StartContext context) throws Exception {
        var state = new ServerState(env);
        Entrance entrance = Entrance.of(context);
        Assembly assembly = assemble(state, context);
        Services services = assembly.services;
        var connections = new Connections(services, entrance);
        List<Door> doors = doors(services.parts().config());
        var listener = listen(doors, connections::serve);
        state.livesIn(new StopFigures(control)::page);
        state.listensOn(listener.port(), listener::refused);
        var expiry =
                new ActiveExpiry(services.parts().store().keyspaces(), env)
                        .whenever(assembly.mayExpire);
        var background =
                new Background(Sweeping.start(context, expiry), services.parts().store().saves());
        running = new Running(listener, connections, state, entrance.gate(), background);
        for (int i = 0; i < doors.size(); i++)
            LOG.log(
                    System.Logger.Level.INFO,
                    (doors.get(i).tls() == null ? "redis" : "redis with tls")
                            + " listens. address=`"
                            + options.host()
                            + ":"
                            + listener.port(i)
                            + "`");
    }

    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        Running present = running;
        if (present == null) return Outcome.done();
        present.state.stops(phase.name(), context.reason());
        return switch (phase) {
            case REJECT -> {
                present.listener.stopAccepting();
                yield Outcome.done();
            }
            case DRAIN -> {
                hurryScripts(context);
                yield drain(present, context);
            }
            case RELEASE -> {
                long cut = present.connections.cutAll();
                present.listener.close();
                running = null;
                yield Outcome.cut("connections", cut);
            }
            case ANNOUNCE, QUIESCE, PERSIST, HANDOFF -> Outcome.done();
        };
    }

    @Override
    public void resume() {
        Running present = running;
        if (present == null) return;
        try {
            present.gate.reopen();
            present.listener.resumeAccepting();
            present.connections.serveAgain();
            present.state.resumes();
            RunningScripts held = scripts;
            if (held != null) held.goOn();
            present.background.sweeping.again();
        } catch (PipeException taken) {
            LOG.log(System.Logger.Level.ERROR, "cannot listen again after a stop", taken);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }

    // A script may use half of the time that there is for clients.
    private void hurryScripts(StopContext context) {
        RunningScripts present = scripts;
        Duration half = context.deadline().remaining().dividedBy(2);
        if (present != null) present.endBy(Deadline.after(env, half));
    }

    /// The port that it listens on; 0 while it does not run.
    public int port() {
        Running present = running;
        return present == null ? 0 : present.listener.port();
    }

    /// The port where it speaks TLS; 0 while it does not.
    public int tlsPort() {
        Running present = running;
        boolean isSpoken = options.parameters().containsKey("tls-port");
        if (present == null || !isSpoken) return 0;
        return present.listener.port(options.port() < 0 ? 0 : 1);
    }

    /// True while it takes new connections.
    public boolean isReady() {
        Running present = running;
        return present != null && !present.state.isStopping();
    }

    private Outcome drain(Running present, StopContext context) throws InterruptedException {
        long before = present.connections.count();
        var settling = new AtomicReference<>(half(context));
        long cut =
                present.connections.drain(
                        () -> control.isRefusable() ? settling.get() : inTime(context),
                        context.token(),
                        () -> {
                            settling.set(context.deadline());
                            return mayLeave(present, context);
                        });
        if (!present.background.sweeping.task.get().join(context.deadline()))
            return Outcome.cut("sweeps of expired keys", 1);
        if (!present.background.saves.join(context.deadline(), context.token()))
            return Outcome.cut("saves", 1);
        return cut == 0 ? Outcome.done("connections", before) : Outcome.cut("connections", cut);
    }

    // Whoever is not answered now is never answered: where the time of this phase comes to its end,
    // there is more, as long as no later phase needs it.
    private static Deadline inTime(StopContext context) {
        Deadline deadline = context.deadline();
        boolean isNear = deadline.remaining().compareTo(NEAR) < 0;
        return isNear ? context.longestDeadline() : deadline;
    }

    // The other half is for what has to be in the store before anybody leaves.
    private Deadline half(StopContext context) {
        return Deadline.after(env, context.deadline().remaining().dividedBy(2));
    }

    // SHUTDOWN without FORCE ends clean or not at all: all goes into tables while clients are still
    // there to be told that it cannot.
    private boolean mayLeave(Running present, StopContext context) throws InterruptedException {
        if (!control.isRefusable()) return true;
        Duration most = context.deadline().remaining().multipliedBy(3).dividedBy(4);
        if (present.background.saves.secure(Deadline.after(env, most), context.token()))
            return true;
        boolean isRefused = control.refuse("not all could be saved");
        if (isRefused)
            LOG.log(System.Logger.Level.WARNING, "stop refused, as not all could be saved");
        return !isRefused;
    }

    private List<Door> doors(ServerConfig config) {
        List<Door> doors = new ArrayList<>();
        if (0 <= options.port()) doors.add(new Door(options.port(), null));
        Tls tls = Encryption.of(config, env);
        if (tls != null) doors.add(new Door(config.tlsPort(), tls));
        if (doors.isEmpty()) throw new RespError("ERR neither a port nor a tls-port to listen on");
        return doors;
    }

    private Listener listen(List<Door> doors, Consumer<BytePipe> onConnection)
            throws PipeException, InterruptedException {
        return Listener.open(
                new ListenerOptions(
                        options.host(),
                        Math.max(0, options.port()),
                        options.clientsMax(),
                        Refusals.TOO_MANY,
                        BUFFERS),
                doors,
                onConnection);
    }

    /// What [#assemble] makes.
    private record Assembly(Services services, BooleanSupplier mayExpire) {}

    /// What is kept for clients that look on, listen, or keep copies.
    private record Company(
            WaitingRoom waitingRoom,
            Channels channels,
            CallWatch watch,
            Tracking tracking,
            Pause pause) {
        static Company of(Env env, ServerConfig config, Clients clients) {
            Outbox.Limit slow = new OutputLimit(config, env)::check;
            return new Company(
                    new WaitingRoom(env),
                    new Channels(slow),
                    new CallWatch(env, config, slow),
                    new Tracking(clients::byId, config::trackedKeysMax, slow),
                    new Pause(env));
        }

        Dispatcher.Notes notes(ServerStats stats, Guard guard) {
            return new Dispatcher.Notes(stats, watch, tracking, pause, guard);
        }

        Crowd crowd(Clients clients) {
            var subscribed =
                    new Crowd.Subscribed(
                            channels::channelCount,
                            channels::patternCount,
                            channels::shardChannelCount);
            return new Crowd(clients, waitingRoom::count, subscribed, tracking::figures);
        }
    }

    private Assembly assemble(ServerState state, StartContext context) throws InterruptedException {
        Db open = db.get();
        ServerConfig config = config(options);
        boundMemory(open, config);
        var keyspaces = Keyspaces.open(open, env);
        Importer.tellUnfinished(open, env);
        var saves = new Saves(env, open, config::saveKept, context::fork);
        var clients = new Clients();
        Company company = Company.of(env, config, clients);
        keyspaces.lookedOnBy(
                new Bystanders(
                        company.waitingRoom,
                        new KeyNews(company.channels, config::keyEvents),
                        company.tracking));
        var parts =
                new ServerParts(
                        config,
                        state,
                        new ServerStats(config::timesCalls),
                        company.crowd(clients),
                        new ServerParts.Store(open, keyspaces, saves));
        var access = new Access(config, new Doorkeeping(clients, company.channels), env);
        var connectionCommands = new ConnectionCommands(access.guard());
        var expires = new AtomicBoolean(true);
        List<Syntax> families = new ArrayList<>(connectionCommands.all());
        families.addAll(company.watch.commands(parts.stats()::times));
        families.addAll(new PubSubCommands(company.channels).all());
        families.addAll(new TransactionCommands(parts.stats()::calledInside, access.guard()).all());
        families.add(access.commands().syntax());
        families.add(clientCommands(parts, company, access::isUser));
        families.addAll(new AdminCommands(env, parts, expires).all());
        AtomicReference<CommandTable> whole = new AtomicReference<>();
        Scripts scripts = scripts(whole::get, parts, access.guard());
        families.addAll(new ScriptCommands(scripts).all());
        families.addAll(new FunctionCalls(scripts).all());
        families.add(new FunctionCommands(scripts).syntax());
        families.add(new MigrateCommand(env, keyspaces).syntax());
        CommandTable table = table(whole, parts, families);
        access.begin(table, options.users());
        var notes = company.notes(parts.stats(), access.guard());
        var keys = new Dispatcher.Keys(keyspaces, company.waitingRoom, scripts.running()::busy);
        keyspaces.busyWhen(scripts.running()::busy);
        Gate commands = context.gate("redis commands");
        var dispatcher = new Dispatcher(table, keys, notes, env, commands);
        var services =
                new Services(
                        env, dispatcher, new Durables(open, config), connectionCommands, parts);
        return new Assembly(services, () -> expires.get() && company.pause.left().isZero());
    }

    private static void boundMemory(Db open, ServerConfig config) {
        if (!(open instanceof HoldfastDb db)) return;
        var bound = new MemoryBound(db.memory());
        config.applies(Set.of(ServerConfig.MEMORY_MAX), () -> bound.set(config.memoryMax()));
    }

    private Syntax clientCommands(ServerParts parts, Company company, Predicate<String> isUser) {
        List<Syntax> more = new ArrayList<>(new TrackingCommands(company.tracking).all());
        more.addAll(new PauseCommands(company.pause, parts.clients()::all).all());
        return new ClientCommands(parts.clients(), parts.config(), isUser, env, more).syntax();
    }

    /// What `options` say. Throws `IllegalArgumentException` for parameters that make no sense.
    static ServerConfig config(RedisOptions options) {
        var config =
                new ServerConfig(
                        options.host(), options.port(), options.clientsMax(), options.durability());
        Map<String, String> given = options.shown();
        ParameterFile file = options.parameterFile();
        if (file != null) {
            given.putAll(file.read());
            config.writesTo(file);
        }
        config.begin(given);
        return config;
    }

    private Scripts scripts(Supplier<CommandTable> table, ServerParts parts, Guard guard) {
        var limits = new Scripts.Limits(env, parts.config()::busyMillis, HeapRoom.bytes());
        var made = new Scripts(table, parts.stats()::calledInside, guard, limits);
        scripts = made.running();
        return made;
    }

    private @Nullable String busy() {
        RunningScripts present = scripts;
        return present == null ? null : present.busy();
    }

    private CommandTable table(
            AtomicReference<CommandTable> whole, ServerParts parts, List<Syntax> families) {
        List<Syntax> commands = new ArrayList<>(families);
        var stops =
                new ServerCommands.Stops(
                        control::stop, control::stopUnlessRefused, control::resume);
        commands.addAll(new ServerCommands(env, stops, this::busy).all());
        commands.add(new CommandCommands(whole::get).syntax());
        commands.add(new ConfigCommands(parts.config(), parts::startOver).syntax());
        commands.add(new StatusCommand(parts).syntax());
        commands.addAll(KeyCommands.ALL);
        commands.addAll(ListCommands.ALL);
        commands.addAll(StreamCommands.ALL);
        commands.addAll(StringCommands.ALL);
        commands.addAll(BitmapCommands.ALL);
        commands.addAll(HyperLogLogCommands.ALL);
        commands.addAll(GeoCommands.ALL);
        commands.addAll(HashCommands.ALL);
        commands.addAll(SortCommands.ALL);
        commands.addAll(SetCommands.ALL);
        commands.addAll(TransferCommands.ALL);
        commands.addAll(ZsetCommands.ALL);
        commands.addAll(WaitingPops.ALL);
        whole.set(new CommandTable(commands));
        return whole.get();
    }
}

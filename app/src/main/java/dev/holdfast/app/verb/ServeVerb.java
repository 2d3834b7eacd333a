package dev.holdfast.app.verb;

import dev.holdfast.app.admin.RunFile;
import dev.holdfast.app.config.ConfigEntry;
import dev.holdfast.app.config.ConfigFile;
import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.serve.Server;
import dev.holdfast.app.serve.ServerSettings;
import dev.holdfast.app.store.OpenDatabase;
import dev.holdfast.app.store.OpenDatabase.Claim;
import dev.holdfast.app.store.StopReportFile;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.app.verb.word.WriteOptions;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.LocalSettings;
import dev.holdfast.lifecycle.Kernel;
import dev.holdfast.lifecycle.Mode;
import dev.holdfast.objectstore.local.DirectoryLock;
import dev.holdfast.redis.StopControl;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `serve`: the Redis server.
@Command(
        name = "serve",
        header = "Serve Redis clients.",
        description = {
            "Serves Redis clients from a database in an object store, until it is told to stop."
                    + " Makes the database if there is none.",
            ""
        },
        footer = {
            "",
            "Each flag may stand in the configuration file under its own name, without the dashes;"
                    + " flags win. SIGTERM stops in order, SIGINT without waiting for clients, a"
                    + " second signal hurries.",
            "Examples:",
            "  holdfast serve",
            "  holdfast serve --data file:///var/lib/holdfast --port 6380 --durability memory",
            "  holdfast serve --data s3://bucket/prefix --local /var/lib/holdfast",
            "  holdfast serve --config /etc/holdfast.yaml --check-config",
            "Exit: after serving 0 clean, 20 something leaked, 21 cut short, 22 not persisted, 23"
                    + " stuck, 24 immediate, 25 start failed, 26 start aborted, 27"
                    + " fatal; before it 64"
                    + " usage, 73 another process holds the database, 78 configuration."
        })
final class ServeVerb extends Verb {
    private static final System.Logger LOG = System.getLogger(ServeVerb.class.getName());

    @Mixin private ServerOptions options = new ServerOptions();
    @Mixin private WriteOptions write = new WriteOptions();

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "A YAML file with lines of `flag: value`.")
    private @Nullable Path config;

    @Option(
            names = "--check-config",
            description = "Check flags and file, and exit: 0 if they are right, 78 if not.")
    private boolean isCheck;

    @Spec private CommandSpec spec = CommandSpec.create();

    private final @Nullable Kernel kernel;

    /// @param kernel of this process; null where nothing is to be served
    ServeVerb(@Nullable Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    protected ExitStatus run(Output out) {
        if (config != null) apply(ConfigFile.read(config));
        ServerSettings settings = options.settings();
        if (isCheck) {
            settings.data().openStore(Env.system()).close();
            out.line("configuration is right");
            return ExitStatus.OK;
        }
        if (kernel == null) throw new Failure(ExitStatus.INTERNAL, "no kernel to serve with");
        serve(settings, kernel);
        return ExitStatus.OK;
    }

    private void serve(ServerSettings asked, Kernel serving) {
        Env env = Env.system();
        asked.data().openStore(env).close();
        Claim claim = write.claim();
        DirectoryLock lock = OpenDatabase.claim(asked.data(), claim, env);
        ServerSettings settings = besideWhoIsFenced(asked, lock);
        var hold = new Server.Hold(lock, claim);
        var server = new Server(settings, hold, stopControl(serving), env);
        leaveTraces(settings, server, serving);
        serving.run(
                server.scope(),
                () ->
                        Output.remark(
                                "serving %s on %s:%d, admin on http://%s:%d"
                                        .formatted(
                                                settings.data(),
                                                settings.redis().host(),
                                                server.port(),
                                                settings.admin().host(),
                                                server.adminPort())));
    }

    // The process that is about to be fenced still holds the directory that is meant by default.
    private ServerSettings besideWhoIsFenced(ServerSettings asked, @Nullable DirectoryLock lock) {
        LocalSettings local = asked.resources().local();
        boolean isHeld = lock == null && asked.data().isLocal();
        boolean isMeant = local != null && local.directory().equals(asked.data().localDirectory());
        if (!isHeld || !isMeant) return asked;
        Output.remark(
                "serving without a local log, as that process holds it: replies wait for the"
                        + " store");
        return asked.withoutLocal();
    }

    // For those who look for the process, or come after it.
    private static void leaveTraces(ServerSettings settings, Server server, Kernel serving) {
        RunFile runFile = RunFile.of(ProcessHandle.current().pid());
        String host = settings.admin().host();
        server.whenAdminListens(
                port -> orWarn(() -> runFile.write("http://%s:%d".formatted(host, port))));
        serving.onInquiry(() -> orWarn(() -> runFile.answer(server.lifeJson())));
        serving.onReport(report -> orWarn(runFile::remove));
        if (!settings.data().isLocal()) return;
        var file = new StopReportFile(settings.data());
        serving.onReport(report -> orWarn(() -> file.write(report.toJson())));
    }

    /// What may fail without harm.
    private interface Trace {
        void leave() throws IOException;
    }

    private static void orWarn(Trace trace) {
        try {
            trace.leave();
        } catch (IOException failed) {
            LOG.log(System.Logger.Level.WARNING, "no trace left for operators", failed);
        }
    }

    private static StopControl stopControl(Kernel serving) {
        return new StopControl() {
            @Override
            public void stop(Mode mode, String reason) {
                serving.requestStop(mode, reason);
            }

            @Override
            public void stopUnlessRefused(Mode mode, String reason) {
                serving.requestRefusableStop(mode, reason);
            }

            @Override
            public boolean isRefusable() {
                return serving.isRefusable();
            }

            @Override
            public boolean refuse(String why) {
                return unlessCut(() -> serving.refuse(why));
            }

            @Override
            public boolean resume() {
                return unlessCut(() -> serving.resume("SHUTDOWN ABORT").isAccepted());
            }
        };
    }

    /// What takes a stop back.
    private interface Retreat {
        boolean isMade() throws InterruptedException;
    }

    private static boolean unlessCut(Retreat retreat) {
        try {
            return retreat.isMade();
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // What the command line did not say is taken from the file.
    private void apply(ConfigFile file) {
        for (ConfigEntry entry : file.entries()) {
            OptionSpec flag = spec.findOption("--" + entry.name());
            if (flag == null || !isConfigurable(entry.name()))
                throw file.wrong(entry, "unknown setting `" + entry.name() + "`" + similar(entry));
            Object value = converted(file, entry);
            if (!spec.commandLine().getParseResult().hasMatchedOption(flag)) set(flag, value);
        }
    }

    private static boolean isConfigurable(String name) {
        return optionsAlone().getCommandSpec().findOption("--" + name) != null;
    }

    private static @Nullable Object converted(ConfigFile file, ConfigEntry entry) {
        CommandLine alone = optionsAlone();
        try {
            alone.parseArgs("--" + entry.name() + "=" + entry.value());
            return alone.getCommandSpec().findOption("--" + entry.name()).getValue();
        } catch (ParameterException wrong) {
            throw file.wrong(entry, Verbs.lineOf(wrong));
        }
    }

    private static CommandLine optionsAlone() {
        return Verbs.withConverters(new CommandLine(new ServerOptions()));
    }

    private static void set(ArgSpec flag, @Nullable Object value) {
        flag.setValue(value);
    }

    private String similar(ConfigEntry entry) {
        return spec.options().stream()
                .map(option -> option.longestName().substring(2))
                .filter(ServeVerb::isConfigurable)
                .filter(name -> name.replace("-", "").equals(plain(entry.name())))
                .findFirst()
                .map(name -> " (did you mean `" + name + "`?)")
                .orElse("");
    }

    private static String plain(String name) {
        return name.toLowerCase(java.util.Locale.ROOT).replaceAll("[-_.]", "");
    }
}

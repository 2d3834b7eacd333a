package dev.holdfast.app.verb;

import dev.holdfast.app.admin.AdminClient;
import dev.holdfast.app.admin.Answer;
import dev.holdfast.app.admin.ServerPid;
import dev.holdfast.app.admin.StuckPage;
import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.app.console.Output;
import dev.holdfast.app.verb.word.Verb;
import dev.holdfast.base.Env;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `why-stuck`: what a server waits for.
@Command(
        name = "why-stuck",
        header = "Show what a running server does and waits for.",
        description = {
            "Asks a running server how it stands: its state, a stop under way, who waits for whom"
                    + " and since when, who is inside its gates and on which line of code, its"
                    + " tasks, and circles of waits.",
            "",
            "By --port it asks the admin endpoint. By --pid it finds that endpoint; if it does not"
                    + " answer, it asks by SIGURG, which a thread of the server answers that takes"
                    + " part in nothing else; and if that does not answer either, it has jcmd write"
                    + " all threads into a file.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  holdfast why-stuck --port 7480",
            "  holdfast why-stuck --pid $(pgrep -f 'app.Main serve')",
            "Exit: 0 not stuck, 1 stuck (a circle of waits, a stop beyond its time, no answer but"
                    + " to a signal or to jcmd), 64 usage, 66 no such process or nothing"
                    + " listens, 69 no answer, 76 not a Holdfast server, 77 no permission."
        })
final class WhyStuckVerb extends Verb {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PATH = "/lifecycle";

    /// The one server that is meant.
    private static final class Target {
        @Option(names = "--pid", paramLabel = "PID", description = "The server's process.")
        private @Nullable Long pid;

        @Option(names = "--port", paramLabel = "N", description = "The server's admin port.")
        private @Nullable Integer port;
    }

    @ArgGroup(multiplicity = "1")
    private Target target = new Target();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Of the admin port (default: ${DEFAULT-VALUE}).")
    private String host = "";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "How long to wait for each answer (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Option(names = "--json", description = "Print the server's answer as one JSON object.")
    private boolean isJson;

    @Override
    protected ExitStatus run(Output out) throws IOException, InterruptedException {
        Long pid = target.pid;
        return pid == null ? byPort(out) : byPid(pid, out);
    }

    private ExitStatus byPort(Output out) {
        URI endpoint = URI.create("http://" + host + ":" + target.port);
        try {
            return show(ask(endpoint), out);
        } catch (ConnectException refused) {
            throw new Failure(ExitStatus.MISSING, "nothing listens at " + endpoint, refused);
        } catch (IOException silent) {
            throw new Failure(
                    ExitStatus.UNAVAILABLE,
                    endpoint + " does not answer (try --pid): " + silent.getMessage(),
                    silent);
        }
    }

    private ExitStatus byPid(long pid, Output out) throws IOException, InterruptedException {
        ServerPid server = ServerPid.of(pid);
        if (server.isHalted())
            throw new Failure(
                    ExitStatus.UNAVAILABLE,
                    "process " + pid + " is halted (SIGSTOP); let it go on: kill -CONT " + pid);
        String why = "another server answers there";
        URI endpoint = server.adminUrl();
        try {
            JsonNode answer = ask(endpoint);
            if (answer.path("pid").asLong(0) == pid) return show(answer, out);
        } catch (IOException | Failure silent) {
            why = String.valueOf(silent.getMessage());
        }
        Output.remark("no answer from " + endpoint + " (" + why + "), asking by signal");
        return bySignal(server, pid, out);
    }

    private ExitStatus bySignal(ServerPid server, long pid, Output out)
            throws IOException, InterruptedException {
        String answer = server.askBySignal(timeout, Env.system());
        if (answer != null) {
            show(parsed(answer), out);
            return ExitStatus.PROBLEMS;
        }
        Output.remark("no answer to the signal, asking jcmd for all threads");
        out.line(
                "process " + pid + " does not answer; its threads: " + server.dumpThreads(timeout));
        return ExitStatus.PROBLEMS;
    }

    private JsonNode ask(URI endpoint) throws IOException {
        Answer answer = new AdminClient(endpoint, timeout).get(PATH);
        JsonNode page = answer.status() == 200 ? parsed(answer.body()) : null;
        if (page != null) return page;
        throw new Failure(
                ExitStatus.STRANGER, endpoint + " is not the admin endpoint of a Holdfast server");
    }

    private static JsonNode parsed(String text) {
        try {
            JsonNode page = JSON.readTree(text);
            if (page.path("product").asString("").equals("holdfast")) return page;
        } catch (JacksonException foreign) {
            throw new Failure(ExitStatus.STRANGER, "the answer is not a Holdfast's", foreign);
        }
        throw new Failure(ExitStatus.STRANGER, "the answer is not a Holdfast's");
    }

    private ExitStatus show(JsonNode answer, Output out) {
        if (isJson) out.line(answer.toString());
        else StuckPage.of(answer).lines().forEach(out::line);
        return StuckPage.isStuck(answer) ? ExitStatus.PROBLEMS : ExitStatus.OK;
    }
}

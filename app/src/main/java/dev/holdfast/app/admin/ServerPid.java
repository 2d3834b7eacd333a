package dev.holdfast.app.admin;

import dev.holdfast.app.console.ExitStatus;
import dev.holdfast.app.console.Failure;
import dev.holdfast.base.Adapter;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.lifecycle.Kernel;
import dev.holdfast.lifecycle.wait.Token;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A server of this machine, known by the number of its process: how to ask it, with its help and
/// without.
@Adapter("looks at processes, sends a signal, runs jcmd")
public final class ServerPid {
    private static final int ADMIN_PORT = 7480;
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int OUTPUT_MAX = 10_000;

    private final long pid;
    private final RunFile runFile;
    private final List<String> words;

    private ServerPid(long pid, RunFile runFile, List<String> words) {
        this.pid = pid;
        this.runFile = runFile;
        this.words = words;
    }

    /// The server that `pid` is. Fails if there is no such process, or if it is something else.
    public static ServerPid of(long pid) throws IOException {
        if (ProcessHandle.of(pid).isEmpty())
            throw new Failure(ExitStatus.MISSING, "no such process: " + pid);
        List<String> words = wordsOf(pid);
        boolean isServer = words.contains("serve") && words.contains("dev.holdfast.app.Main");
        if (!isServer)
            throw new Failure(ExitStatus.STRANGER, "process " + pid + " is not a `holdfast serve`");
        return new ServerPid(pid, RunFile.of(pid), words);
    }

    /// Where its admin endpoint should be.
    public URI adminUrl() throws IOException {
        String told = runFile.adminUrl();
        if (told != null) return URI.create(told);
        String host = option("--admin-host", "127.0.0.1");
        return URI.create("http://" + host + ":" + option("--admin-port", "" + ADMIN_PORT));
    }

    /// True if it was halted, as by SIGSTOP, so that it cannot answer.
    public boolean isHalted() {
        String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
        return stat != null && stat.substring(stat.lastIndexOf(')') + 1).startsWith(" T");
    }

    /// Asks by signal, which the kernel's own thread answers into a file. Null if no answer comes
    /// within `patience`.
    public @Nullable String askBySignal(Duration patience, Env env)
            throws IOException, InterruptedException {
        long before = runFile.answeredMillis();
        signal(patience);
        Deadline deadline = Deadline.after(env, patience);
        Token token = Token.standalone(env);
        while (!deadline.isExpired()) {
            if (before < runFile.answeredMillis()) return runFile.answer();
            token.pause(LOOK);
        }
        return null;
    }

    /// Has the JDK's own tool write all threads into a file, and returns its path.
    public Path dumpThreads(Duration patience) throws IOException, InterruptedException {
        Path file = Path.of(System.getProperty("java.io.tmpdir"), "holdfast-" + pid + ".threads");
        Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(tool))
            throw new Failure(ExitStatus.UNAVAILABLE, "no jcmd beside this Java: " + tool);
        String number = Long.toString(pid);
        String said =
                run(
                        patience,
                        List.of(
                                tool.toString(),
                                number,
                                "Thread.dump_to_file",
                                "-overwrite",
                                file.toString()));
        if (!Files.exists(file))
            throw new Failure(
                    ExitStatus.UNAVAILABLE, "process " + pid + " does not answer jcmd: " + said);
        return file;
    }

    private void signal(Duration patience) throws IOException, InterruptedException {
        String command = "kill -s " + Kernel.INQUIRY_SIGNAL + " " + pid;
        String said = run(patience, List.of("/bin/sh", "-c", command));
        if (said.isEmpty()) return;
        boolean isRefused = said.contains("ermitted");
        throw new Failure(
                isRefused ? ExitStatus.NO_PERMISSION : ExitStatus.MISSING,
                isRefused ? "no permission to signal process " + pid : "no such process: " + pid);
    }

    // What it said; nothing if all went well.
    private static String run(Duration patience, List<String> command)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            return "no answer in " + patience.toSeconds() + " s";
        }
        byte[] said = process.getInputStream().readNBytes(OUTPUT_MAX);
        String text =
                new String(said, StandardCharsets.UTF_8).strip().replaceAll("\\s*\\R\\s*", " ");
        if (process.exitValue() == 0) return "";
        return text.isEmpty() ? "exit code " + process.exitValue() : text;
    }

    private static List<String> wordsOf(long pid) throws IOException {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
            return List.of(line.split("\0"));
        } catch (AccessDeniedException denied) {
            throw new Failure(
                    ExitStatus.NO_PERMISSION, "no permission to look at process " + pid, denied);
        } catch (NoSuchFileException noProc) {
            ProcessHandle.Info info = ProcessHandle.of(pid).orElseThrow().info();
            return List.of(info.arguments().orElse(new String[0]));
        }
    }

    private String option(String name, String byDefault) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.startsWith(name + "=")) return word.substring(name.length() + 1);
            if (word.equals(name) && i + 1 < words.size()) return words.get(i + 1);
        }
        return byDefault;
    }

    private static @Nullable String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return null;
        }
    }
}

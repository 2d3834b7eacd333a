package dev.holdfast.app.load;

import dev.holdfast.base.Env;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/// Shows how a load, an import or an export goes: a bar on a terminal, else a line every few
/// seconds. Not thread-safe.
public final class Progress {
    /// Who looks.
    public enum Audience {
        /// A person at a terminal: one line, drawn again and again.
        TERMINAL,
        /// A log.
        LOG,
        /// Nobody.
        NOBODY
    }

    /// What goes on.
    public enum Doing {
        LOAD("load", "rows"),
        IMPORT("import", "keys"),
        EXPORT("export", "keys");

        private final String verb;
        private final String things;

        Doing(String verb, String things) {
            this.verb = verb;
            this.things = things;
        }
    }

    private static final int BAR_WIDTH = 30;

    private final PrintStream out;
    private final Env env;
    private final Doing doing;
    private final Audience audience;
    private final long bytesExpected;
    private final long startNanos;
    private long shownNanos;
    private boolean isDrawn;

    /// Of a load.
    ///
    /// @param bytesExpected of the input, or 0 if that is not known
    public Progress(PrintStream out, Env env, Audience audience, long bytesExpected) {
        this(out, env, Doing.LOAD, audience, bytesExpected);
    }

    /// @param bytesExpected of the input, or 0 if that is not known
    public Progress(PrintStream out, Env env, Doing doing, Audience audience, long bytesExpected) {
        this.out = out;
        this.doing = doing;
        this.env = env;
        this.audience = audience;
        this.bytesExpected = bytesExpected;
        this.startNanos = env.nanoTime();
        this.shownNanos = startNanos;
    }

    /// Tells how far it has come.
    public void show(long rows, long bytes) {
        long now = env.nanoTime();
        if (audience == Audience.NOBODY || now - shownNanos < pause().toNanos()) return;
        shownNanos = now;
        String line = line(rows, bytes, now);
        if (audience == Audience.LOG) out.println(line);
        else out.print("\r" + line + "\033[K");
        out.flush();
        isDrawn = audience == Audience.TERMINAL;
    }

    /// Leaves the last line of a bar standing.
    public void end() {
        if (isDrawn) out.println();
        isDrawn = false;
    }

    private Duration pause() {
        return audience == Audience.TERMINAL ? Duration.ofMillis(200) : Duration.ofSeconds(5);
    }

    private String line(long rows, long bytes, long now) {
        long rate = rows * 1000 / Math.max(1, (now - startNanos) / 1_000_000);
        String figures =
                String.format(
                        Locale.ROOT, "%,d %s  %,d %s/s", rows, doing.things, rate, doing.things);
        if (bytesExpected <= 0) return doing.verb + "  " + figures;
        double share = Math.min(1, (double) bytes / bytesExpected);
        int filled = (int) (share * BAR_WIDTH);
        String bar = "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled);
        return String.format(
                Locale.ROOT, "%s  [%s] %3.0f%%  %s", doing.verb, bar, share * 100, figures);
    }
}

package dev.holdfast.redis.watch;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Outbox;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Transaction.Queued;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Notes every call that has ended: in the slow log and as an event if it took long, and for those
/// who look on at all calls. Thread-safe.
public final class CallWatch {
    static final String COMMAND = "command";
    static final String FAST_COMMAND = "fast-command";

    private final Env env;
    private final Slowlog slowlog;
    private final LatencyMonitor latency;
    private final Monitors monitors;

    public CallWatch(Env env, WatchSettings settings, Outbox.Limit slow) {
        this.env = env;
        slowlog = new Slowlog(settings);
        latency = new LatencyMonitor(settings);
        monitors = new Monitors(slow);
    }

    /// One that notes nothing.
    public static CallWatch none(Env env) {
        return new CallWatch(env, Nothing.SETTINGS, (_, _) -> {});
    }

    /// The commands that show what was noted.
    ///
    /// @param times how long the calls of each command took, by its name in small letters
    public List<Syntax> commands(Supplier<Map<String, CallTimes>> times) {
        return List.of(
                new LatencyCommands(latency, times, env).syntax(),
                monitor(),
                new SlowlogCommands(slowlog).syntax());
    }

    /// True if somebody looks on at all calls.
    public boolean isWatched() {
        return !monitors.isEmpty();
    }

    /// A call of `session` took `nanos`.
    public void ended(Session session, Syntax syntax, List<Bytes> call, long nanos) {
        boolean isSlow = slowlog.wants(nanos);
        boolean isSpike = latency.wants(nanos);
        if (!isSlow && !isSpike && monitors.isEmpty()) return;
        Syntax called = syntax.calledBy(call);
        Set<Flag> flags = called.traits().flags();
        long millis = env.currentTimeMillis();
        if (isSpike)
            latency.add(
                    flags.contains(Flag.FAST) ? FAST_COMMAND : COMMAND,
                    millis / 1_000,
                    TimeUnit.NANOSECONDS.toMillis(nanos));
        if (isSlow) slowlog.add(Slowlog.Client.of(session), call, millis / 1_000, nanos / 1_000);
        if (!monitors.isEmpty()) show(session, called, call, millis);
    }

    /// A transaction of `session` has run `calls`: they are shown before what ended it.
    public void ranInside(Session session, List<Queued> calls) {
        if (monitors.isEmpty()) return;
        long millis = env.currentTimeMillis();
        for (Queued each : calls)
            show(session, each.syntax().calledBy(each.words()), each.words(), millis);
    }

    /// A script has called `call` in `database`.
    public void ranInScript(int database, Syntax syntax, List<Bytes> call) {
        if (monitors.isEmpty() || isHidden(syntax.calledBy(call))) return;
        monitors.tell(database + " lua", call, micros(env.currentTimeMillis()));
    }

    private void show(Session session, Syntax called, List<Bytes> call, long millis) {
        if (isHidden(called)) return;
        String from = session.database() + " " + session.peer().remoteAddress();
        monitors.tell(from, call, micros(millis));
    }

    private static long micros(long millis) {
        return TimeUnit.MILLISECONDS.toMicros(millis);
    }

    private static boolean isHidden(Syntax called) {
        Set<Flag> flags = called.traits().flags();
        return flags.contains(Flag.ADMIN) || flags.contains(Flag.SKIP_MONITOR);
    }

    private Syntax monitor() {
        return Syntax.session("MONITOR", 1, _ -> (SessionCommand) this::lookOn)
                .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
                .docs(
                        Group.SERVER,
                        "1.0.0",
                        "",
                        "Listen for all requests received by the server in real time",
                        "");
    }

    private Reply lookOn(Session session) {
        monitors.add(session);
        return Reply.OK;
    }

    /// Where nothing is to be noted.
    private enum Nothing implements WatchSettings {
        SETTINGS;

        @Override
        public long slowMicros() {
            return -1;
        }

        @Override
        public long slowCallsMax() {
            return 0;
        }

        @Override
        public long spikeMillis() {
            return 0;
        }

        @Override
        public boolean timesCalls() {
            return false;
        }
    }
}

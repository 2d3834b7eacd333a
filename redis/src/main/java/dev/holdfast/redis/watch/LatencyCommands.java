package dev.holdfast.redis.watch;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Env;
import dev.holdfast.redis.command.Flag;
import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Parser;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.Session;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.command.Words;
import dev.holdfast.redis.resp.RespError;
import dev.holdfast.redis.watch.LatencyMonitor.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// `LATENCY ...`: what took long, and how long the calls of each command take.
final class LatencyCommands {
    private static final String HELP =
            """
            LATENCY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:
            DOCTOR
                Return a human readable latency analysis report.
            GRAPH <event>
                Return an ASCII latency graph for the <event> class.
            HISTORY <event>
                Return time-latency samples for the <event> class.
            LATEST
                Return the latest latency samples for all events.
            RESET [<event> ...]
                Reset latency data of one or more <event> classes.
                (default: reset all data for all event classes)
            HISTOGRAM [COMMAND ...]
                Return a cumulative distribution of latencies in the format of a histogram\
             for the specified command names.
                If no commands are specified then all histograms are replied.
            HELP
                Prints this help.
            """;

    private final LatencyMonitor monitor;
    private final Supplier<Map<String, CallTimes>> times;
    private final Env env;

    /// @param times how long the calls of each command took, by its name in small letters
    LatencyCommands(LatencyMonitor monitor, Supplier<Map<String, CallTimes>> times, Env env) {
        this.monitor = monitor;
        this.times = times;
        this.env = env;
    }

    Syntax syntax() {
        return Syntax.container(
                        "LATENCY",
                        List.of(
                                sub("DOCTOR", 2, _ -> (SessionCommand) this::diagnose)
                                        .docs(
                                                Group.SERVER,
                                                "2.8.13",
                                                "O(1)",
                                                "Return a human readable latency analysis report.",
                                                ""),
                                sub("GRAPH", 3, this::parseGraph)
                                        .docs(
                                                Group.SERVER,
                                                "2.8.13",
                                                "O(1)",
                                                "Return a latency graph for the event.",
                                                "event"),
                                HelpPage.of(HELP, Group.SERVER, "2.8.13"),
                                sub("HISTOGRAM", -2, this::parseHistogram)
                                        .docs(
                                                Group.SERVER,
                                                "7.0.0",
                                                "O(N) where N is the number of commands with"
                                                        + " latency information being retrieved.",
                                                "Return the cumulative distribution of latencies"
                                                        + " of a subset of commands or all.",
                                                "[command ...]"),
                                sub("HISTORY", 3, this::parseHistory)
                                        .docs(
                                                Group.SERVER,
                                                "2.8.13",
                                                "O(1)",
                                                "Return timestamp-latency samples for the event.",
                                                "event"),
                                sub("LATEST", 2, _ -> (SessionCommand) this::latest)
                                        .docs(
                                                Group.SERVER,
                                                "2.8.13",
                                                "O(1)",
                                                "Return the latest latency samples for all events.",
                                                ""),
                                sub("RESET", -2, this::parseReset)
                                        .docs(
                                                Group.SERVER,
                                                "2.8.13",
                                                "O(1)",
                                                "Reset latency data for one or more events.",
                                                "[event ...]")))
                .docs(
                        Group.SERVER,
                        "2.8.13",
                        "Depends on subcommand.",
                        "A container for latency diagnostics commands",
                        "");
    }

    private static Syntax sub(String name, int arity, Parser parser) {
        return Syntax.session(name, arity, parser)
                .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE);
    }

    private SessionCommand parseHistory(Words words) {
        String event = words.text(0);
        return _ -> {
            Series series = monitor.of(event);
            if (series == null) return Reply.EMPTY_ARRAY;
            return Reply.array(
                    series.samples().stream()
                            .map(sample ->
                                    Reply.array(
                                            Reply.integer(sample.seconds()),
                                            Reply.integer(sample.millis())))
                            .toList());
        };
    }

    private Reply latest(Session session) {
        List<Reply> events = new ArrayList<>();
        monitor.all()
                .forEach((event, series) ->
                        events.add(
                                Reply.array(
                                        Reply.bulk(event),
                                        Reply.integer(series.newest().seconds()),
                                        Reply.integer(series.newest().millis()),
                                        Reply.integer(series.worstMillis()))));
        return Reply.array(events);
    }

    private SessionCommand parseReset(Words words) {
        List<String> events = words.keys(0).stream().map(Bytes::toUtf8).toList();
        return _ -> Reply.integer(monitor.forget(events));
    }

    private SessionCommand parseGraph(Words words) {
        String event = words.text(0);
        return _ -> {
            Series series = monitor.of(event);
            if (series == null)
                throw new RespError(
                        "ERR No samples available for event '" + RespError.preview(event) + "'");
            return Reply.verbatim(LatencyGraph.of(event, series, env.currentTimeMillis() / 1_000));
        };
    }

    private Reply diagnose(Session session) {
        if (!monitor.isOn())
            return Reply.verbatim(
                    "Nothing is noted: latency-monitor-threshold is 0. CONFIG SET"
                            + " latency-monitor-threshold <milliseconds> notes what takes"
                            + " longer.\n");
        Map<String, Series> all = monitor.all();
        if (all.isEmpty())
            return Reply.verbatim("Nothing has taken longer than latency-monitor-threshold.\n");
        var page = new StringBuilder();
        all.forEach((event, series) ->
                page.append(
                        event
                                + ": "
                                + series.samples().size()
                                + " samples, mean "
                                + series.mean()
                                + " ms, worst of all time "
                                + series.worstMillis()
                                + " ms. "
                                + advice(event)
                                + "\n"));
        return Reply.verbatim(page.toString());
    }

    private static String advice(String event) {
        return switch (event) {
            case CallWatch.COMMAND ->
                    "SLOWLOG GET tells which calls they were: long ranges, large collections, or"
                            + " reads that went to the object store (INFO stats:"
                            + " holdfast_block_cache_misses).";
            case CallWatch.FAST_COMMAND ->
                    "Commands that touch one row were slow: a read that went to the object store,"
                            + " writers that were held back (INFO persistence:"
                            + " holdfast_frozen_memtables), or a pause of the process.";
            default -> "";
        };
    }

    private SessionCommand parseHistogram(Words words) {
        List<String> asked =
                words.keys(0).stream().map(name -> name.toUtf8().toLowerCase(Locale.ROOT)).toList();
        return _ -> {
            List<Reply> pairs = new ArrayList<>();
            times.get()
                    .forEach((name, calls) -> {
                        if (isAsked(name, asked)) add(pairs, name, calls);
                    });
            return Reply.map(pairs);
        };
    }

    // A container's name stands for its subcommands.
    private static boolean isAsked(String name, List<String> asked) {
        int bar = name.indexOf('|');
        return asked.isEmpty()
                || asked.contains(name)
                || 0 <= bar && asked.contains(name.substring(0, bar));
    }

    private static void add(List<Reply> pairs, String name, CallTimes calls) {
        long count = calls.count();
        if (count == 0) return;
        List<Reply> steps = new ArrayList<>();
        calls.cumulative()
                .forEach((micros, upTo) -> {
                    steps.add(Reply.integer(micros));
                    steps.add(Reply.integer(upTo));
                });
        pairs.add(Reply.bulk(name));
        pairs.add(
                Reply.map(
                        List.of(
                                Reply.bulk("calls"),
                                Reply.integer(count),
                                Reply.bulk("histogram_usec"),
                                Reply.map(steps))));
    }
}

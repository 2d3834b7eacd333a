package dev.holdfast.redis.server;

import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.watch.CallTimes;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/// What the server has done since it started, or since CONFIG RESETSTAT. Thread-safe.
public final class ServerStats {
    private static final int ERROR_KINDS_MAX = 128;

    private final LongAdder connections = new LongAdder();
    private final LongAdder commands = new LongAdder();
    private final LongAdder inputBytes = new LongAdder();
    private final LongAdder outputBytes = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder evicted = new LongAdder();
    private final LongAdder unknownOutcomes = new LongAdder();
    private final Map<String, Calls> callsByCommand = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> errorsByCode = new ConcurrentHashMap<>();
    private final BooleanSupplier isTimed;

    /// The calls of one command.
    public record Calls(
            LongAdder count,
            LongAdder nanos,
            LongAdder rejected,
            LongAdder failed,
            CallTimes times) {
        Calls() {
            this(
                    new LongAdder(),
                    new LongAdder(),
                    new LongAdder(),
                    new LongAdder(),
                    new CallTimes());
        }
    }

    /// @param isTimed true while it is counted how long calls take
    public ServerStats(BooleanSupplier isTimed) {
        this.isTimed = isTimed;
    }

    /// A connection came.
    public void connected() {
        connections.increment();
    }

    /// Bytes came in.
    public void received(long bytes) {
        inputBytes.add(bytes);
    }

    /// Bytes were handed over to be sent.
    public void sent(long bytes) {
        outputBytes.add(bytes);
    }

    /// A client was cut off because it held too much, or took too little.
    public void evictedOne() {
        evicted.increment();
    }

    /// A connection was closed because the fate of what it had written could not be learnt.
    public void outcomeUnknown() {
        unknownOutcomes.increment();
    }

    /// The calls of the command called `name`, in small letters.
    public Calls of(String name) {
        Calls known = callsByCommand.get(name);
        return known != null ? known : callsByCommand.computeIfAbsent(name, _ -> new Calls());
    }

    /// A command was called and took `nanos`.
    public void called(Calls calls, long nanos) {
        commands.increment();
        calls.count().increment();
        calls.nanos().add(nanos);
        if (isTimed.getAsBoolean()) calls.times().add(nanos);
    }

    /// A command was run inside another call and answered `reply`.
    public void calledInside(String command, Reply reply) {
        Calls calls = of(command);
        called(calls, 0);
        if (!(reply instanceof Reply.Failure failure)) return;
        calls.failed().increment();
        failed(failure.text());
    }

    /// A reply was an error with this text.
    public void failed(String text) {
        errors.increment();
        int blank = text.indexOf(' ');
        String code = blank < 0 ? text : text.substring(0, blank);
        LongAdder known = errorsByCode.get(code);
        if (known == null && errorsByCode.size() < ERROR_KINDS_MAX)
            known = errorsByCode.computeIfAbsent(code, _ -> new LongAdder());
        if (known != null) known.increment();
    }

    /// Starts over.
    public void reset() {
        for (LongAdder figure :
                new LongAdder[] {
                    connections, commands, inputBytes, outputBytes, errors, evicted, unknownOutcomes
                }) figure.reset();
        callsByCommand.clear();
        errorsByCode.clear();
    }

    /// The figures of the moment, by the names that INFO shows them under.
    Map<String, Long> figures() {
        Map<String, Long> figures = new TreeMap<>();
        figures.put("total_connections_received", connections.sum());
        figures.put("total_commands_processed", commands.sum());
        figures.put("total_net_input_bytes", inputBytes.sum());
        figures.put("total_net_output_bytes", outputBytes.sum());
        figures.put("total_error_replies", errors.sum());
        figures.put("evicted_clients", evicted.sum());
        figures.put("holdfast_unknown_outcomes", unknownOutcomes.sum());
        return figures;
    }

    Map<String, Calls> calls() {
        return new TreeMap<>(callsByCommand);
    }

    /// How long the calls of each command took, by its name in small letters.
    public Map<String, CallTimes> times() {
        Map<String, CallTimes> times = new TreeMap<>();
        callsByCommand.forEach((name, calls) -> times.put(name, calls.times()));
        return times;
    }

    Map<String, LongAdder> errors() {
        return new TreeMap<>(errorsByCode);
    }
}

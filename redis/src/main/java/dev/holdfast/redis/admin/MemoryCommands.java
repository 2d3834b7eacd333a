package dev.holdfast.redis.admin;

import dev.holdfast.redis.command.Group;
import dev.holdfast.redis.command.Reply;
import dev.holdfast.redis.command.SessionCommand;
import dev.holdfast.redis.command.Syntax;
import dev.holdfast.redis.keys.KeyCommands;
import dev.holdfast.redis.watch.HelpPage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// `MEMORY ...`: what the server keeps in memory, and what a key takes.
public final class MemoryCommands {
    private static final String HELP =
            """
            MEMORY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:
            DOCTOR
                Return memory problems reports.
            MALLOC-STATS
                Return internal statistics report from the memory allocator.
            PURGE
                Attempt to purge dirty pages for reclamation by the allocator.
            STATS
                Return information about the memory usage of the server.
            USAGE <key> [SAMPLES <count>]
                Return memory in bytes used by <key> and its value. Nested values are
                sampled up to <count> times (default: 5, 0 means sample all).
            HELP
                Prints this help.
            """;
    private static final int MANY_PERCENT = 90;

    private final Supplier<MemoryFigures> figures;

    public MemoryCommands(Supplier<MemoryFigures> figures) {
        this.figures = figures;
    }

    /// The one command, with its subcommands.
    public Syntax syntax() {
        return Syntax.container(
                        "MEMORY",
                        List.of(
                                sub("DOCTOR", "Outputs memory problems report", this::diagnosis),
                                HelpPage.of(HELP, Group.SERVER, "4.0.0"),
                                sub("MALLOC-STATS", "Show allocator internal stats", this::heap),
                                sub("PURGE", "Ask the allocator to release memory", () -> Reply.OK),
                                sub("STATS", "Show memory usage details", this::stats),
                                KeyCommands.MEMORY_USAGE))
                .docs(
                        Group.SERVER,
                        "4.0.0",
                        "Depends on subcommand.",
                        "A container for memory diagnostics commands",
                        "");
    }

    private static Syntax sub(String name, String summary, Supplier<Reply> answer) {
        return Syntax.session(name, 2, _ -> (SessionCommand) _ -> answer.get())
                .docs(Group.SERVER, "4.0.0", "O(1)", summary, "");
    }

    private Reply diagnosis() {
        MemoryFigures now = figures.get();
        long percent = 100 * now.used() / Math.max(1, now.heapMax());
        if (percent < MANY_PERCENT)
            return Reply.verbatim("Nothing is wrong: " + percent + " % of the heap is in use.\n");
        return Reply.verbatim(
                percent
                        + " % of the heap is in use. A part of that may be garbage; if it stays"
                        + " so, start the server with a larger -Xmx or less memory.\n");
    }

    private Reply heap() {
        MemoryFigures now = figures.get();
        return Reply.verbatim(
                "The heap of a JVM\nused: "
                        + now.used()
                        + "\ncommitted: "
                        + now.committed()
                        + "\nmost: "
                        + now.heapMax()
                        + "\n");
    }

    private Reply stats() {
        MemoryFigures now = figures.get();
        List<Reply> pairs = new ArrayList<>();
        now.statistics()
                .forEach((name, value) -> {
                    pairs.add(Reply.bulk(name));
                    pairs.add(
                            value instanceof Double real
                                    ? Reply.real(real)
                                    : Reply.integer((Long) value));
                });
        return Reply.map(pairs);
    }
}

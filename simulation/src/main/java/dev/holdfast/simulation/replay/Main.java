package dev.holdfast.simulation.replay;

import dev.holdfast.base.Adapter;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.history.Histories;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.schedule.Trace;
import java.io.PrintStream;

/// Tells a history again: what `./holdfast-sim` runs.
public final class Main {
    private static final int FAILED = 1;
    private static final int NOT_UNDERSTOOD = 64;
    private static final int MISSING = 69;
    private static final String TURN = "runs ";
    private static final String HELP =
            """
            usage: holdfast-sim HISTORY [--seed N] [--steps | --hash]
                   holdfast-sim --list

            Runs one simulated history of the real engine and prints it: virtual time, machine,
            event. The same history and seed always give the same lines, in every JVM.

              --seed N     the seed (0); N..M runs all from N to M
              --steps      every turn of a thread too
              --hash       nothing but each seed and the hash of its run
              --list       the names of all histories
              --help       this page

            Exit code: 0 if all that must hold held, 1 if not, 64 if the words were not understood,
            69 if this JVM can not run simulations.
            """;

    private final PrintStream out;

    Main(PrintStream out) {
        this.out = out;
    }

    @Adapter("a program of its own, whose exit code is its answer")
    public static void main(String... words) {
        System.exit(new Main(System.out).answer(words));
    }

    int answer(String... words) {
        Request request;
        try {
            request = Request.parse(words);
        } catch (IllegalArgumentException wrong) {
            out.println("holdfast-sim: " + wrong.getMessage() + "; see --help");
            return NOT_UNDERSTOOD;
        }
        return switch (request.verb()) {
            case HELP -> {
                out.print(HELP);
                yield 0;
            }
            case LIST -> {
                Histories.all().keySet().forEach(out::println);
                yield 0;
            }
            case TELL, STEPS, HASH -> tell(request);
        };
    }

    private int tell(Request request) {
        String missing = Simulation.missing();
        if (missing != null) {
            out.println("holdfast-sim: " + missing);
            return MISSING;
        }
        History history = Histories.all().get(request.history());
        if (history == null) {
            out.println("holdfast-sim: no history " + request.history() + "; see --list");
            return NOT_UNDERSTOOD;
        }
        int worst = 0;
        for (long seed = request.firstSeed(); seed <= request.lastSeed(); seed++) {
            worst = Math.max(worst, tell(history, seed, request.verb()));
        }
        return worst;
    }

    private int tell(History history, long seed, Request.Verb verb) {
        var simulation = new Simulation(seed, history.setup(seed));
        if (verb != Request.Verb.HASH) simulation.keepLines();
        String wrong = "";
        try {
            history.run(simulation);
        } catch (AssertionError found) {
            wrong = String.valueOf(found.getMessage());
        }
        for (Trace.Line line : simulation.lines()) {
            if (verb == Request.Verb.STEPS || !line.event().startsWith(TURN)) out.println(line);
        }
        out.printf("%d %016x%s%n", seed, simulation.hash(), wrong.isEmpty() ? "" : " " + wrong);
        return wrong.isEmpty() ? 0 : FAILED;
    }
}

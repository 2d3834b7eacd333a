package dev.holdfast.system.history;

import dev.holdfast.simulation.check.Transaction;
import dev.holdfast.simulation.check.Transaction.Outcome;
import dev.holdfast.simulation.check.Transaction.Step;
import dev.holdfast.system.process.RespClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Transactions that append to lists and read them.
final class ListTransactions {
    private static final int STEPS_MAX = 4;

    private final Era era;
    private final SplittableRandom chance;

    ListTransactions(Era era, SplittableRandom chance) {
        this.era = era;
        this.chance = chance;
    }

    /// Some appends and reads in one MULTI.
    int append(RespClient connection) throws IOException {
        int id = era.nextTransaction();
        List<Step> steps = new ArrayList<>();
        for (int i = chance.nextInt(STEPS_MAX); 0 <= i; i--) steps.add(step(id));
        carryOut(connection, id, List.of(), steps);
        return 1;
    }

    /// Reads a list under WATCH, then appends to it, or to another, in MULTI.
    int appendIfUnchanged(RespClient connection) throws IOException {
        int id = era.nextTransaction();
        String watched = list(id);
        List<Step> steps = List.of(new Step.Append(list(id), era.nextElement()), step(id));
        carryOut(connection, id, List.of(watched), steps);
        return 1;
    }

    /// Reads all lists of the era, one after another.
    void readAll(RespClient connection) throws IOException {
        for (String list : era.lists())
            carryOut(
                    connection,
                    era.nextTransaction(),
                    List.of(),
                    List.of(new Step.Read(list, null)));
    }

    private Step step(int id) {
        return chance.nextInt(3) == 0
                ? new Step.Read(list(id), null)
                : new Step.Append(list(id), era.nextElement());
    }

    private String list(int id) {
        return era.list(id, chance.nextInt(Era.LISTS));
    }

    private void carryOut(RespClient connection, int id, List<String> watched, List<Step> steps)
            throws IOException {
        long call = System.nanoTime();
        List<Step> done = new ArrayList<>();
        boolean isTold = false;
        try {
            for (String list : watched) {
                connection.call("WATCH", list);
                done.add(new Step.Read(list, elements(connection.call("LRANGE", list, "0", "-1"))));
            }
            Object replies = exec(connection, steps);
            isTold = true;
            addTransaction(id, done, steps, replies, call);
        } finally {
            if (!isTold) {
                done.addAll(steps);
                era.add(new Transaction(id, done, Outcome.UNKNOWN, call, System.nanoTime()));
            }
        }
    }

    private static @Nullable Object exec(RespClient connection, List<Step> steps)
            throws IOException {
        connection.send(List.of("MULTI"));
        for (Step step : steps)
            connection.send(
                    switch (step) {
                        case Step.Append(String key, int element) ->
                                List.of("RPUSH", key, Integer.toString(element));
                        case Step.Read(String key, _) -> List.of("LRANGE", key, "0", "-1");
                    });
        connection.send(List.of("EXEC"));
        connection.flush();
        for (int i = 0; i <= steps.size(); i++) connection.read();
        return connection.read();
    }

    private void addTransaction(
            int id, List<Step> done, List<Step> steps, @Nullable Object replies, long call) {
        if (replies != null && !(replies instanceof List<?>))
            throw new AssertionError("EXEC answered " + replies);
        for (int i = 0; i < steps.size(); i++)
            done.add(
                    replies instanceof List<?> list
                            ? seen(steps.get(i), list.get(i))
                            : steps.get(i));
        Outcome outcome = replies == null ? Outcome.ABORTED : Outcome.COMMITTED;
        era.add(new Transaction(id, done, outcome, call, System.nanoTime()));
    }

    private static Step seen(Step step, @Nullable Object reply) {
        return step instanceof Step.Read(String key, _)
                ? new Step.Read(key, elements(reply))
                : step;
    }

    private static List<Integer> elements(@Nullable Object reply) {
        if (!(reply instanceof List<?> texts)) throw new AssertionError("not a list: " + reply);
        return texts.stream().map(text -> Integer.valueOf((String) text)).toList();
    }
}

package dev.holdfast.engine.read;

import dev.holdfast.base.Bytes;
import dev.holdfast.base.Deadline;
import dev.holdfast.base.Env;
import dev.holdfast.engine.api.Reads;
import dev.holdfast.engine.api.StorageException;
import dev.holdfast.engine.api.StorageException.Invalid;
import dev.holdfast.engine.api.StorageException.Unavailable;
import dev.holdfast.lifecycle.Task;
import dev.holdfast.lifecycle.gate.Flight;
import dev.holdfast.lifecycle.wait.Token;
import dev.holdfast.lifecycle.wait.WaitResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Many keys looked up side by side: neighbours by one thread, as they may lie in one block.
///
/// Bounded: at most [#LANES_MAX] threads a call, each of which ends with its keys.
final class MultiGet {
    private static final int LANES_MAX = 16;
    private static final int KEYS_PER_LANE = 4;
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Env env;
    private final Function<Bytes, @Nullable Bytes> lookUp;

    /// @param lookUp what to do for one key; by many threads at once
    MultiGet(Env env, Function<Bytes, @Nullable Bytes> lookUp) {
        this.env = env;
        this.lookUp = lookUp;
    }

    /// The values of `keys`, in their order.
    List<@Nullable Bytes> get(List<Bytes> keys) {
        if (Reads.KEYS_MAX < keys.size())
            throw new Invalid("too many keys. keys=`" + keys.size() + "`", null);
        @Nullable Bytes[] values = new Bytes[keys.size()];
        int lanes = Math.min(LANES_MAX, keys.size() / KEYS_PER_LANE);
        if (lanes < 2) {
            for (int i = 0; i < values.length; i++) values[i] = lookUp.apply(keys.get(i));
        } else {
            int[] inOrder =
                    IntStream.range(0, values.length)
                            .boxed()
                            .sorted(Comparator.comparing(keys::get))
                            .mapToInt(Integer::intValue)
                            .toArray();
            split(keys, inOrder, lanes, values);
        }
        return Arrays.asList(values);
    }

    private void split(List<Bytes> keys, int[] inOrder, int lanes, @Nullable Bytes[] values) {
        var flights = new ArrayList<Flight<Boolean>>();
        for (int lane = 0; lane < lanes; lane++) {
            int from = (int) ((long) inOrder.length * lane / lanes);
            int to = (int) ((long) inOrder.length * (lane + 1) / lanes);
            int[] own = Arrays.copyOfRange(inOrder, from, to);
            var flight = new Flight<Boolean>("values of keys", "store");
            flights.add(flight);
            env.start("multi-get", () -> end(flight, Task.attempt(() -> fill(keys, own, values))));
        }
        Deadline deadline = Deadline.after(env, LONGEST);
        Token token = Token.standalone(env);
        for (Flight<Boolean> flight : flights) await(flight, deadline, token);
    }

    private void fill(List<Bytes> keys, int[] places, @Nullable Bytes[] values) {
        for (int place : places) values[place] = lookUp.apply(keys.get(place));
    }

    private static void end(Flight<Boolean> flight, @Nullable Throwable broken) {
        switch (broken) {
            case null -> flight.land(true);
            case StorageException told -> flight.fail(told);
            default -> flight.fail(new Unavailable("lookup failed: " + broken, broken));
        }
    }

    private static void await(Flight<Boolean> flight, Deadline deadline, Token token) {
        try {
            if (flight.await(deadline, token) != WaitResult.SATISFIED)
                throw new Unavailable("values not read in time", null);
            flight.value();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted", interrupted);
        }
    }
}

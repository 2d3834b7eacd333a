package dev.holdfast.system.stop;

import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.RespClient.Failure;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Many connections to one server until it goes: some that change values of every kind as fast as
/// they are answered, some that hand elements to others that wait for them, some that wait in vain.
final class Crowd {
    private static final Duration END_MAX = Duration.ofSeconds(120);

    private final int port;
    private final int depth;
    private final List<Doer> doers = new ArrayList<>();
    private final List<Pair> pairs = new ArrayList<>();
    private final int waiters;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger resets = new AtomicInteger();
    private final Queue<String> resetTexts = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger silentEnds = new AtomicInteger();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    /// @param depth how many changes each client sends before it reads
    Crowd(int port, int clients, int depth) {
        this.port = port;
        this.depth = depth;
        for (int i = 0; i < clients; i++) doers.add(new Doer(i));
        for (int i = 0; i < Math.max(1, clients / 16); i++) pairs.add(new Pair(i));
        this.waiters = Math.max(1, clients / 16);
    }

    /// What a stop left.
    ///
    /// @param resets connections that ended otherwise than between two replies
    /// @param silentEnds clients that waited and were left without an answer
    /// @param wrong what nobody should see
    record Outcome(
            long acknowledged,
            long lostAcked,
            long appliedUnanswered,
            int resets,
            int silentEnds,
            List<String> wrong) {}

    Crowd start() {
        for (Doer doer : doers) run(doer::run);
        for (Pair pair : pairs) {
            run(pair::push);
            run(pair::pop);
        }
        for (int i = 0; i < waiters; i++) {
            String key = "never:" + i;
            run(client -> await(client, "BLPOP", key, "0"));
            run(client -> await(client, "XREAD", "BLOCK", "0", "STREAMS", key + ":s", "$"));
        }
        return this;
    }

    private interface Talk {
        void with(RespClient client) throws IOException;
    }

    private void run(Talk talk) {
        threads.add(
                Thread.ofVirtual()
                        .start(() -> {
                            try (var client = new RespClient(port)) {
                                talk.with(client);
                            } catch (EOFException closed) {
                                if (!"closed".equals(closed.getMessage())) countReset(closed);
                            } catch (IOException reset) {
                                countReset(reset);
                            }
                        }));
    }

    private void countReset(IOException why) {
        resets.incrementAndGet();
        resetTexts.add(why.toString());
    }

    /// What the connections were told that were reset.
    List<String> resetTexts() {
        return List.copyOf(resetTexts);
    }

    private void await(RespClient client, String... words) throws IOException {
        try {
            client.call("PING");
            waiting.incrementAndGet();
            Object reply = client.call(words);
            if (!(reply instanceof Failure)) wrong.add("waiter got " + reply);
        } catch (EOFException unanswered) {
            silentEnds.incrementAndGet();
            throw unanswered;
        }
        client.read();
    }

    /// True once every client has been answered something.
    boolean isBusy() {
        return waiting.get() == 2 * waiters
                && doers.stream().allMatch(doer -> 0 < doer.acknowledged.get())
                && pairs.stream().allMatch(pair -> !pair.popped.isEmpty());
    }

    /// Waits until every connection has ended.
    void join() {
        long giveUp = System.nanoTime() + END_MAX.toNanos();
        try {
            for (Thread thread : threads)
                if (!thread.join(Duration.ofNanos(Math.max(1, giveUp - System.nanoTime()))))
                    throw new AssertionError("a client hangs");
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /// Compares what all were told with what `server`, opened again, holds.
    Outcome judge(RespClient server) throws IOException {
        long acknowledged = 0;
        long lost = 0;
        long unanswered = 0;
        for (Doer doer : doers) {
            long told = doer.acknowledged.get();
            Map<String, String> found = Values.read(server, doer.client);
            long applied = Values.greatest(found);
            acknowledged += told;
            lost += Math.max(0, told - applied);
            unanswered += Math.max(0, applied - told);
            if (!Values.after(doer.client, applied).equals(found))
                wrong.add("client " + doer.client + ": not what " + applied + " deeds make");
        }
        for (Pair pair : pairs) {
            acknowledged += pair.pushed.get();
            Set<Long> left = pair.left(server);
            long untold = pair.poppedLast() + 1; // it may have gone with a pop without an answer
            for (long number = 1; number <= pair.pushed.get(); number++) {
                if (left.contains(number) || pair.popped.contains(number)) continue;
                if (number == untold) unanswered++;
                else lost++;
            }
            for (long number : left) if (pair.pushed.get() < number) unanswered++;
            left.retainAll(pair.popped);
            if (!left.isEmpty()) wrong.add("popped and still there: " + left);
        }
        return new Outcome(
                acknowledged, lost, unanswered, resets.get(), silentEnds.get(), List.copyOf(wrong));
    }

    /// One who changes values of its own.
    private final class Doer {
        private final int client;
        private final AtomicLong acknowledged = new AtomicLong();
        private long sent;

        Doer(int client) {
            this.client = client;
        }

        void run(RespClient connection) throws IOException {
            boolean isRefused = false;
            while (true) {
                long first = sent + 1;
                for (int i = 0; !isRefused && i < depth; i++)
                    for (List<String> words : new Deed(client, ++sent).requests())
                        connection.send(words);
                connection.flush();
                if (isRefused) expectRefusals(connection);
                for (long number = first; !isRefused && number <= sent; number++)
                    isRefused = !isDone(connection, new Deed(client, number));
            }
        }

        private boolean isDone(RespClient connection, Deed deed) throws IOException {
            @Nullable Object last = null;
            for (int i = 0; i < deed.requests().size() && !(last instanceof Failure); i++)
                last = connection.read();
            if (last instanceof Failure) return false;
            acknowledged.incrementAndGet();
            return true;
        }

        private void expectRefusals(RespClient connection) throws IOException {
            while (connection.read() instanceof Failure)
                ; // until the end of the stream, which is thrown
            wrong.add("client " + client + " was served after a refusal");
        }
    }

    /// One who pushes numbers, and one who pops them.
    private final class Pair {
        private final String key;
        private final AtomicLong pushed = new AtomicLong();
        private final Set<Long> popped = java.util.concurrent.ConcurrentHashMap.newKeySet();

        Pair(int index) {
            key = "queue:" + index;
        }

        void push(RespClient client) throws IOException {
            for (long number = 1; ; number++) {
                if (client.call("RPUSH", key, Long.toString(number)) instanceof Failure) break;
                pushed.set(number);
            }
            client.read();
        }

        void pop(RespClient client) throws IOException {
            while (true) {
                Object reply = client.call("BLPOP", key, "0");
                if (!(reply instanceof List<?> found)) break;
                if (!popped.add(Long.parseLong((String) found.get(1))))
                    wrong.add(key + " gave " + found + " twice");
            }
            client.read();
        }

        long poppedLast() {
            return popped.stream().mapToLong(Long::longValue).max().orElse(0);
        }

        Set<Long> left(RespClient server) throws IOException {
            var left = new HashSet<Long>();
            if (server.call("LRANGE", key, "0", "-1") instanceof List<?> found)
                for (Object each : found) left.add(Long.parseLong((String) each));
            return left;
        }
    }
}

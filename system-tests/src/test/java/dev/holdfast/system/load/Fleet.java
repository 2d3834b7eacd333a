package dev.holdfast.system.load;

import dev.holdfast.system.process.RespClient;
import dev.holdfast.system.process.ServerProcess;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Many connections that write as fast as they are answered, and some that read what the others
/// write, until the server goes.
///
/// Each writer has one pipeline under way; what is acknowledged goes into the log, if there is one,
/// before the next pipeline.
final class Fleet {
    private static final Duration END_MAX = Duration.ofSeconds(90);

    private final ServerProcess server;
    private final List<Track> tracks;
    private final int depth;
    private final @Nullable AckLog log;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger cleanEnds = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final Queue<String> broken = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    Fleet(ServerProcess server, List<Track> tracks, int depth, @Nullable AckLog log) {
        this.server = server;
        this.tracks = tracks;
        this.depth = depth;
        this.log = log;
    }

    /// How the connections ended.
    ///
    /// @param acknowledged writes with a good reply
    /// @param refused writes with an error reply
    /// @param cleanEnds writers that saw the end of the stream between replies
    /// @param broken what other ends writers saw, such as a reset
    /// @param wrong what no writer should see, such as a good reply after a refusal
    record Ends(
            long acknowledged,
            long refused,
            int cleanEnds,
            List<String> broken,
            List<String> wrong) {}

    /// Starts a writer for each track, and `readers` readers.
    Fleet start(int readers) {
        for (Track track : tracks)
            threads.add(Thread.ofVirtual().name("w" + track.client()).start(() -> write(track)));
        for (int i = 0; i < readers; i++) {
            long seed = i;
            threads.add(Thread.ofVirtual().name("r" + i).start(() -> watch(seed)));
        }
        return this;
    }

    /// Writes acknowledged so far.
    long acknowledged() {
        return acknowledged.get();
    }

    /// Waits until every connection has ended.
    Ends join() {
        long giveUp = System.nanoTime() + END_MAX.toNanos();
        try {
            for (Thread thread : threads)
                if (!thread.join(Duration.ofNanos(Math.max(1, giveUp - System.nanoTime()))))
                    throw new AssertionError("a client hangs: " + thread.getName());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        return new Ends(
                acknowledged.get(),
                refused.get(),
                cleanEnds.get(),
                List.copyOf(broken),
                List.copyOf(wrong));
    }

    private void write(Track track) {
        try (RespClient client = server.connect()) {
            while (true) {
                for (int i = 0; i < depth; i++) client.send(track.send().words());
                client.flush();
                if (!readReplies(client, track)) readRefusals(client, track);
                if (log != null) log.append(track.client(), track.acknowledged());
            }
        } catch (EOFException closed) {
            if ("closed".equals(closed.getMessage())) cleanEnds.incrementAndGet();
            else broken.add(closed.toString());
        } catch (IOException reset) {
            broken.add(reset.toString());
        }
    }

    /// Reads the replies of one pipeline; false at the first refusal.
    private boolean readReplies(RespClient client, Track track) throws IOException {
        for (int i = 0; i < depth; i++) {
            if (client.read() instanceof RespClient.Failure failure) {
                noteRefusal(failure);
                return false;
            }
            track.acknowledge();
            acknowledged.incrementAndGet();
        }
        return true;
    }

    /// After one refusal only refusals may come, and then the end.
    private void readRefusals(RespClient client, Track track) throws IOException {
        while (true) {
            Object reply = client.read();
            if (reply instanceof RespClient.Failure failure) noteRefusal(failure);
            else wrong.add("client " + track.client() + " got " + reply + " after a refusal");
        }
    }

    private void noteRefusal(RespClient.Failure failure) {
        refused.incrementAndGet();
        if (failure.message().startsWith("ERR wrong") || failure.message().contains("unknown"))
            wrong.add(failure.message());
    }

    private void watch(long seed) {
        var random = new SplittableRandom(seed);
        try (RespClient client = server.connect()) {
            while (true) {
                Track track = tracks.get(random.nextInt(tracks.size()));
                int slot = random.nextInt(Operation.SLOTS);
                Object value = client.call("GET", Operation.key(track.client(), slot));
                if (value instanceof String text) track.observe(text);
                else if (value != null) throw new EOFException("refused: " + value);
            }
        } catch (IOException ended) {
            // a reader has nothing to prove about how it ends
        }
    }
}

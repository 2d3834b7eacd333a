package dev.holdfast.system.load;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What one client has sent and what was acknowledged to it, write by write, on this run of the
/// server; and what it found before.
///
/// One thread writes; what it wrote is read after that thread has ended. Writes are numbered on
/// over all runs: this run's are `first`, `first + 1` and so on.
final class Track {
    private final long seed;
    private final int client;
    private final Map<String, String> before;
    private final long first;
    private long[] sentAt = new long[1024];
    private long[] acknowledgedAt = new long[1024];
    private int sent;
    private int acknowledged;
    private final AtomicLong observed = new AtomicLong();

    Track(long seed, int client, long first, Map<String, String> before) {
        this.seed = seed;
        this.client = client;
        this.first = first;
        this.before = Map.copyOf(before);
    }

    /// How far a recovered state reaches: any number of this run's writes from `least` to `most`
    /// leaves exactly this state.
    record Reach(int least, int most) {}

    int client() {
        return client;
    }

    int sent() {
        return sent;
    }

    int acknowledged() {
        return acknowledged;
    }

    /// The number that the next run starts at.
    long next() {
        return first + sent;
    }

    Operation operation(int index) {
        return Operation.of(seed, client, first + index);
    }

    /// The next write, noted as sent.
    Operation send() {
        if (sent == sentAt.length) {
            sentAt = Arrays.copyOf(sentAt, 2 * sent);
            acknowledgedAt = Arrays.copyOf(acknowledgedAt, 2 * sent);
        }
        sentAt[sent] = System.nanoTime();
        return operation(sent++);
    }

    /// Notes that the oldest write without a reply was acknowledged.
    void acknowledge() {
        acknowledgedAt[acknowledged++] = System.nanoTime();
    }

    /// Notes that a reader was shown `value` of this client.
    void observe(String value) {
        long index = Operation.numberOf(value) - first;
        observed.accumulateAndGet(index + 1, Math::max);
    }

    /// How many of this run's writes some reader has seen, at least.
    int observed() {
        return (int) Math.max(0, observed.get());
    }

    /// When the last of the first `count` writes was sent.
    long sentAt(int count) {
        return count == 0 ? Long.MIN_VALUE : sentAt[count - 1];
    }

    /// How many writes had been acknowledged before `instant`.
    int acknowledgedBefore(long instant) {
        int count = 0;
        while (count < acknowledged && acknowledgedAt[count] - instant < 0) count++;
        return count;
    }

    /// Which prefixes of this run's writes, none shorter than `atLeast`, leave `found`; null if
    /// none does.
    @Nullable Reach reachOf(Map<String, String> found, int atLeast) {
        var model = new TreeMap<>(before);
        int least = -1;
        int most = -1;
        for (int count = 0; count <= sent; count++) {
            if (0 < count) operation(count - 1).applyTo(model);
            if (count < atLeast || !model.equals(found)) continue;
            if (least < 0) least = count;
            most = count;
        }
        return least < 0 ? null : new Reach(least, most);
    }

    /// The state after the first `count` writes.
    Map<String, String> stateAfter(int count) {
        var model = new TreeMap<>(before);
        for (int index = 0; index < count; index++) operation(index).applyTo(model);
        return model;
    }
}

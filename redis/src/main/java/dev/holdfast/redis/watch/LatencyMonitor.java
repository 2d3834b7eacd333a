package dev.holdfast.redis.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What took longer than `latency-monitor-threshold`, by kind of event, a sample a second.
/// Thread-safe.
///
/// Bounded: there are few kinds of events, and of each the newest samples are kept.
public final class LatencyMonitor {
    private static final int SAMPLES_MAX = 160;

    private final WatchSettings settings;
    private final Map<String, Series> byEvent = new TreeMap<>(); // guarded by this

    /// The longest that took place in one second.
    record Sample(long seconds, long millis) {}

    /// The samples of one kind of event, the oldest first.
    record Series(List<Sample> samples, long worstMillis) {
        long highest() {
            return samples.stream().mapToLong(Sample::millis).max().orElse(0);
        }

        long lowest() {
            return samples.stream().mapToLong(Sample::millis).min().orElse(0);
        }

        long mean() {
            return Math.round(samples.stream().mapToLong(Sample::millis).average().orElse(0));
        }

        Sample newest() {
            return samples.getLast();
        }

        private Series with(Sample sample) {
            var all = new ArrayDeque<>(samples);
            Sample last = all.peekLast();
            if (last != null && last.seconds == sample.seconds) {
                all.removeLast();
                all.add(new Sample(last.seconds, Math.max(last.millis, sample.millis)));
            } else all.add(sample);
            while (SAMPLES_MAX < all.size()) all.removeFirst();
            return new Series(List.copyOf(all), Math.max(worstMillis, sample.millis));
        }
    }

    LatencyMonitor(WatchSettings settings) {
        this.settings = settings;
    }

    /// True if what took `nanos` is kept.
    boolean wants(long nanos) {
        long least = settings.spikeMillis();
        return 0 < least && least <= TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    /// True if anything is kept at all.
    boolean isOn() {
        return 0 < settings.spikeMillis();
    }

    /// Notes that `event` took `millis`.
    synchronized void add(String event, long seconds, long millis) {
        Series known = byEvent.getOrDefault(event, new Series(List.of(), 0));
        byEvent.put(event, known.with(new Sample(seconds, millis)));
    }

    /// The samples of `event`; null if there are none.
    synchronized @Nullable Series of(String event) {
        return byEvent.get(event);
    }

    /// All samples, by event.
    synchronized Map<String, Series> all() {
        return new TreeMap<>(byEvent);
    }

    /// Forgets `events`, or all of them if none is named, and returns how many were known.
    synchronized int forget(Collection<String> events) {
        int before = byEvent.size();
        if (events.isEmpty()) byEvent.clear();
        else new ArrayList<>(events).forEach(byEvent::remove);
        return before - byEvent.size();
    }
}

package dev.holdfast.redis.watch;

/// What of the calls is noted, as the parameters of the server say at the moment.
public interface WatchSettings {
    /// From how many microseconds on a call is slow; negative if none is.
    long slowMicros();

    /// The most slow calls that are kept.
    long slowCallsMax();

    /// From how many milliseconds on an event is kept; 0 for none.
    long spikeMillis();

    /// True if it is counted how long the calls of each command take.
    boolean timesCalls();
}

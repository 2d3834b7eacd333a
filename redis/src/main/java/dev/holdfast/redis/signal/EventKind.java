package dev.holdfast.redis.signal;

/// A class of events on keys, by the letter that `notify-keyspace-events` has for it.
public enum EventKind {
    /// What can happen to a key of any type.
    GENERIC('g'),
    STRING('$'),
    LIST('l'),
    SET('s'),
    HASH('h'),
    ZSET('z'),
    /// A key's time was over.
    EXPIRED('x'),
    /// A key had to go because memory was short.
    EVICTED('e'),
    STREAM('t'),
    MODULE('d'),
    /// A key was read that does not exist.
    MISS('m'),
    /// A key came to be.
    NEW('n');

    private final char letter;

    EventKind(char letter) {
        this.letter = letter;
    }

    /// The letter that names it.
    public char letter() {
        return letter;
    }

    /// True if the letter `A` stands for it, too.
    public boolean isInAll() {
        return this != MISS && this != NEW;
    }
}

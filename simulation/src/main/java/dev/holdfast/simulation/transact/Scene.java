package dev.holdfast.simulation.transact;

/// What the clients of one history share: numbers, time, and somebody to tell what happens.
///
/// Implementations are thread-safe where clients run on threads.
public interface Scene {
    /// The next instant.
    long tick();

    /// A number for the next transaction.
    int number();

    /// A number that no list holds yet.
    int element();

    /// Gives others a chance to come in between.
    void pause() throws InterruptedException;

    /// Another transaction has begun.
    void add(Noted noted);

    /// A transaction has done all its steps, and is about to commit.
    default void committing(Noted noted) {}

    /// A transaction is over, and knows what became of it.
    default void ended(Noted noted) {}

    /// It happened, as it should in some history.
    void sometimes(String what);

    /// It happened, as it never should.
    void never(String what);
}

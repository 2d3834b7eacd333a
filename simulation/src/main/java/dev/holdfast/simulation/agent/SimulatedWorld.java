package dev.holdfast.simulation.agent;

import org.jspecify.annotations.Nullable;

/// A simulation as rewritten code sees it, always on a virtual thread of that simulation.
///
/// The scheduler of such a thread is its world.
public interface SimulatedWorld {
    /// Virtual nanoseconds since the start.
    long nanoTime();

    /// The wall clock of the calling thread's machine, in nanoseconds since `seconds` after 1970.
    long wallNanosSince(long seconds);

    /// A number that tells the threads of a run apart, the same in every run.
    long threadNumber(Thread thread);

    /// A seed for the random numbers of the calling thread.
    long threadSeed();

    /// Called before an access to what other threads may see.
    ///
    /// @param kind one of the constants of [Accesses]
    /// @param target the object, or null where it is not known
    /// @param what the field or the method
    void before(int kind, @Nullable Object target, String what);

    /// Called where the calling thread is about to hold up the thread that carries it. Throws.
    void carrierWouldPark();

    /// Called where the calling thread starts a real thread.
    void platformThreadStarts(Thread thread);

    /// Called where the initialisation of a class begins (1) and ends (-1).
    void initialising(int step);
}

package dev.holdfast.simulation.schedule;

/// A virtual thread as its scheduler sees it.
///
/// @param number counts the threads of a run, so that a trace can name them
/// @param continuation runs the thread up to its next wait
record Strand(int number, Runnable continuation, Thread thread, Machine machine) {}

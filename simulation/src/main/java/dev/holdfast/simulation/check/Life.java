package dev.holdfast.simulation.check;

/// One writer's time with a database, from its opening on.
///
/// @param number what the history calls it
/// @param epoch orders the lives: a higher one fenced all lower ones
/// @param base the last commit that it recovered; its own are numbered from the next
/// @param ready when it was open, in the history's time
public record Life(int number, long epoch, long base, long ready) {
    String label() {
        return "life " + number + " (epoch " + epoch + ", from commit " + base + ")";
    }
}

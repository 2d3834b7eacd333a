package dev.holdfast.simulation.explore;

/// What was explored.
///
/// @param orders how many orders were run to their end, no two of them alike where all were asked
///   for
/// @param cut how many more were left as soon as they were seen to be like an earlier one
/// @param stepsMax the length of the longest
public record Exploration(long orders, long cut, int stepsMax) {
    @Override
    public String toString() {
        return "%d orders, %d more left early, up to %d steps".formatted(orders, cut, stepsMax);
    }
}

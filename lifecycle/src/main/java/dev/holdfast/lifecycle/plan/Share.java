package dev.holdfast.lifecycle.plan;

import static dev.holdfast.base.Checks.require;

/// What one phase may use of a stop's time.
///
/// @param floorNanos no earlier phase can take this away
/// @param capNanos the most that it gets, however much is left
/// @param weight its part of what is left after the later floors
public record Share(long floorNanos, long capNanos, int weight) {
    public Share {
        require(0 <= floorNanos, "floor is negative: %d", floorNanos);
        require(floorNanos <= capNanos, "floor %d exceeds cap %d", floorNanos, capNanos);
        require(0 < weight, "weight must be positive: %d", weight);
    }

    /// Floor and cap as parts of `totalNanos`, in thousandths.
    public static Share of(long totalNanos, int floorPerMille, int capPerMille, int weight) {
        return new Share(
                perMille(totalNanos, floorPerMille), perMille(totalNanos, capPerMille), weight);
    }

    private static long perMille(long nanos, int perMille) {
        return nanos / 1000 * perMille + nanos % 1000 * perMille / 1000;
    }
}

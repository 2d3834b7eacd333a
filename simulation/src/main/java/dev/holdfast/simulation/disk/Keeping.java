package dev.holdfast.simulation.disk;

/// How much of what was not forced a power cut leaves.
enum Keeping {
    /// Nothing: no cache had been written out.
    NONE,
    /// Each piece by itself, as it comes.
    SOME,
    /// Everything: all caches had been written out just then.
    ALL;

    static Keeping drawn(Luck luck) {
        return switch (luck.below(4)) {
            case 0 -> NONE;
            case 1 -> ALL;
            default -> SOME;
        };
    }

    boolean keeps(Luck luck) {
        return switch (this) {
            case NONE -> false;
            case ALL -> true;
            case SOME -> luck.coin();
        };
    }
}

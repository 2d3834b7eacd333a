package dev.holdfast.s3.twin;

/// What a server does at all times. Each method answers a server with one more habit.
///
/// @param ignoresConditions it stores whatever a condition says
/// @param dropsMetadata it keeps no attributes beside an object
/// @param pageMax the most objects on a page
public record Habits(boolean ignoresConditions, boolean dropsMetadata, int pageMax) {
    /// As S3 promises.
    public static Habits good() {
        return new Habits(false, false, 1000);
    }

    public Habits ignoringConditions() {
        return new Habits(true, dropsMetadata, pageMax);
    }

    public Habits droppingMetadata() {
        return new Habits(ignoresConditions, true, pageMax);
    }

    public Habits withPages(int most) {
        return new Habits(ignoresConditions, dropsMetadata, most);
    }
}

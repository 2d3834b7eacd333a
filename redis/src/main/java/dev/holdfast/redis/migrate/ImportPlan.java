package dev.holdfast.redis.migrate;

/// What an import does about what it finds in the databases.
public record ImportPlan(Existing existing, Unfinished unfinished) {
    /// Keys that are there already.
    public enum Existing {
        /// Any at all, and nothing is brought in.
        REFUSED,
        /// Those of the same name give way.
        REPLACED
    }

    /// An import that did not come to its end.
    public enum Unfinished {
        /// It is gone on with, if it was one of the same source.
        RESUMED,
        /// It is forgotten, and its keys give way.
        FORGOTTEN
    }
}

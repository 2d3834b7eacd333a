package dev.holdfast.lifecycle;

/// What a component says about its part in one phase of a stop.
public sealed interface Outcome {
    /// All of it was done; `count` of `what`, if there was anything to count.
    record Done(String what, long count) implements Outcome {}

    /// Time ran out: `count` of `what` were not done. Nothing is dropped in silence.
    record Cut(String what, long count) implements Outcome {}

    /// It could not be done, and more time would not help.
    record Failed(String what, Throwable cause) implements Outcome {}

    /// Done, with nothing to count.
    static Outcome done() {
        return new Done("", 0);
    }

    static Outcome done(String what, long count) {
        return new Done(what, count);
    }

    /// Cut, or done if `count` is zero.
    static Outcome cut(String what, long count) {
        return count == 0 ? done(what, 0) : new Cut(what, count);
    }

    static Outcome failed(String what, Throwable cause) {
        return new Failed(what, cause);
    }
}

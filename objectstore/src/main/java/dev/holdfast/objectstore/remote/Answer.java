package dev.holdfast.objectstore.remote;

/// What came of one request.
public sealed interface Answer<T> {
    /// The store did it.
    record Given<T>(T value) implements Answer<T> {}

    /// It did not, or nobody knows.
    record Failed<T>(Failure failure) implements Answer<T> {}

    /// The value, or the failure as an exception about `name`.
    default T orThrow(String name) {
        return switch (this) {
            case Given<T>(T value) -> value;
            case Failed<T>(Failure failure) -> throw failure.toException(name);
        };
    }
}

package dev.holdfast.s3;

/// What came of one request.
sealed interface Answer<T> {
    /// The store did it.
    record Given<T>(T value) implements Answer<T> {}

    /// It did not, or nobody knows.
    record Failed<T>(Failure failure) implements Answer<T> {}
}

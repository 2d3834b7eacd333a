package dev.holdfast.redis.script.library;

/// How one module of `cjson` writes and reads, as scripts have set it. Not thread-safe.
final class JsonSettings {
    boolean convertsSparse;
    int sparseRatio = 2;
    int sparseSafe = 10;
    int writeDepthMax = 1000;
    int readDepthMax = 1000;
    Strange strangeWritten = Strange.REFUSED;
    boolean takesStrange = true;
    boolean keepsBuffer = true;
    int digits = 14;

    /// What is written for a number that JSON has not.
    enum Strange {
        REFUSED,
        WRITTEN,
        NULL
    }
}

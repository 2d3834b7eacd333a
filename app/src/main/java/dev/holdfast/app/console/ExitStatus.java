package dev.holdfast.app.console;

/// How a verb ends, as scripts see it. Numbers follow `sysexits.h`; a server that ran ends with the
/// codes of [dev.holdfast.lifecycle.ExitCode] instead.
public enum ExitStatus {
    /// It did what was asked.
    OK(0, "done"),
    /// It looked, and found something wrong, such as a damaged object.
    PROBLEMS(1, "problems found"),
    /// The command line is wrong.
    USAGE(64, "wrong usage"),
    /// Stored bytes or an input file are not what they should be.
    BAD_DATA(65, "bad data"),
    /// There is no such database, object, key or file.
    MISSING(66, "no such thing"),
    /// The store did not answer, or another writer took over.
    UNAVAILABLE(69, "store unavailable"),
    /// Our mistake.
    INTERNAL(70, "internal error"),
    /// Held by another process, or not to be created: permission, disk full.
    LOCKED(73, "locked or not writable"),
    /// Reading or writing a file, or standard output, failed.
    IO(74, "input or output failed"),
    /// What answered is something else.
    STRANGER(76, "not a Holdfast server"),
    /// The operating system does not let us.
    NO_PERMISSION(77, "no permission"),
    /// The configuration is wrong.
    CONFIG(78, "wrong configuration");

    private final int code;
    private final String meaning;

    ExitStatus(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /// The number that the process exits with.
    public int code() {
        return code;
    }

    /// The meaning in words.
    public String meaning() {
        return meaning;
    }
}

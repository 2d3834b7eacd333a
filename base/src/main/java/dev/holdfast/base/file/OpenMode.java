package dev.holdfast.base.file;

/// For what, and on what condition, a file is opened.
public enum OpenMode {
    /// To read a file that is there.
    READ,
    /// To read and write a file that is there.
    WRITE,
    /// To read and write, and to make the file if it is not there.
    CREATE,
    /// To read and write a file that was not there: this very call makes it.
    CREATE_FRESH
}

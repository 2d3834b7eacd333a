package dev.holdfast.simulation.disk;

/// A class of faults of a disk. Each can be switched on by itself.
public enum DiskFault {
    /// A write fails half-way: some of its sectors are written.
    WRITE_FAILS,
    /// A read fails.
    READ_FAILS,
    /// A rename, a link, a delete or a new directory fails, and was carried out or not.
    NAME_FAILS,
    /// A force of a file fails once. What it did not write is forgotten and counts as written: the
    /// next force succeeds and does nothing.
    FORCE_FAILS,
    /// A force of a directory fails once, and forgets likewise.
    NAMES_FORCE_FAILS,
    /// A force takes seconds.
    FORCE_SLOW,
    /// The machine does not allow it.
    REFUSED,
    /// The disk is full: not drawn, but met when the capacity is used up.
    FULL,
    /// A sector is read as it was before it was last written.
    STALE_SECTOR,
    /// Another sector is read than was asked for.
    MISDIRECTED_SECTOR,
    /// A bit of what is read is wrong.
    BIT_FLIP,
    /// A power cut took bytes that were not forced.
    BYTES_LOST,
    /// A power cut took some sectors of what was not forced, and left others.
    BYTES_TORN,
    /// A power cut took a sector and left a later one: a hole of zeros before a valid tail.
    HOLE,
    /// A power cut took an attribute that was not forced.
    ATTRIBUTE_LOST,
    /// A power cut took a name that was not forced, or brought one back.
    NAME_LOST,
    /// A power cut took a change of a name and left a later one.
    NAME_REORDERED;

    /// True if what is read comes out wrong.
    public boolean isCorruption() {
        return this == STALE_SECTOR || this == MISDIRECTED_SECTOR || this == BIT_FLIP;
    }

    /// True if it strikes by its rate, and not by circumstance.
    public boolean isDrawn() {
        return this != FULL && compareTo(BYTES_LOST) < 0;
    }
}

package dev.holdfast.app.load;

import dev.holdfast.base.Bytes;

/// Makes a row of a line. The line comes without its end.
@FunctionalInterface
public interface LineParser {
    /// The row, or why there is none.
    Parsed parse(Bytes line);
}

package dev.holdfast.engine.board;

import java.util.Locale;

/// What stands on a paper.
public enum Paper {
    /// What is to be done.
    ORDER,
    /// Who does it.
    CLAIM,
    /// What came of it.
    RESULT;

    String suffix() {
        return "." + name().toLowerCase(Locale.ROOT);
    }
}

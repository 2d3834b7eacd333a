package dev.holdfast.engine.write;

/// What a batch asks of the commits before it, and what it hides from those after it.
public interface CommitTerms {
    /// Looks at what was committed so far, so that less is left to [#require]. Called before the
    /// commit order is joined; never throws.
    void lookAhead();

    /// Throws `Conflict` if the batch must not be committed now. Called inside the commit order,
    /// perhaps on another writer's thread: it is quick, and waits for nobody.
    void require();

    /// True if nobody needs to know that the batch wrote the key in `array`.
    boolean isUntold(byte[] array, int offset, int length);
}

package dev.holdfast.engine.view;

import dev.holdfast.base.Bytes;

/// Who is told what a read depended on.
public interface ReadWitness {
    /// `key` was looked for, whether it was found or not.
    void addKey(Bytes key);

    /// A read depended on a row of `seq`.
    void observe(long seq);
}
